import { isModuleUrl } from './moduleUrl';

describe('the place of a WasmPlugin’s module', () => {
  // What Go 1.26 says of each, by both ways of reading.
  it.each<[string, boolean]>([
    ['2001:db8::/32', false],
    ['a:80', false],
    ['a:80/x', false],
    ['::1', false],
    ['[::1]/x', false],
    ['[::1]:80/x', false],
    ['a/b:c', true],
    ['ghcr.io/a:1.0', true],
    ['http://a:b/x', false],
    ['http://a:80:90/x', false],
    ['oci://a:80:90/x', true],
    ['http://[::1]:80/x', true],
    ['http://[::1/x', false],
    ['a b', false],
    ['oci://a b/x', false],
    ['oci://a/b c', true],
    ['a%zz/b', false],
    ['oci://a/%zz', false],
    ['oci://a%zz/b', false],
    ['/x y', true],
    ['http:/x', true],
    ['file:///x', true],
    ['ftp://a/x', false],
    ['HTTP://a/x', true],
    ['oci://', true],
    ['http://u:p@a/x', true],
    ['oci://a{b}/c', false],
    [':a', false],
    ['a\tb', false],
    ['https://a:/x', true],
    ['oci://a?b:c', true],
  ])('%j: %s', (url, expected) => {
    expect(isModuleUrl(url)).toBe(expected);
  });
});
