import { CelParser } from './CelParser';

describe('CelParser', () => {
  it.each([
    'response.code >= 500',
    'response.code >= 400 || connection.mtls == false',
    "request.headers['x-a'] in ['b', \"c\"] && !has(request.auth)",
    'a ? b : c ? d : e',
    '-1 + --2 * (3 % 4)',
    '!!true',
    'request.url_path.startsWith("/api") // the API',
    "r'\\d+' + b\"\\x41\" == '''a\n'b''' ",
    '[1, 2u, 0x1f, .5e-3,]',
    "{'a': 1, 'b': {2: null}}",
    'some.Message{field: 1, other: [2]}',
    '.a.b(c, d).e[0]',
    '9223372036854775807 < 18446744073709551615u',
    'list.all(x, x > 0)',
  ])('takes %s', expression => {
    expect(CelParser.accepts(expression)).toBe(true);
  });

  it.each([
    '',
    '10x',
    '*x*',
    'ns/*',
    'a b',
    'a ==',
    '== 1',
    '(a',
    'a)',
    '[1, , 2]',
    'a[0',
    "'unclosed",
    "'line\nend'",
    "'\\q'",
    'a ? b',
    'a.1',
    'a.in',
    'for == 1',
    'a = 1',
    'a & b',
    '99999999999999999999',
    '{a 1}',
    '#',
    '!-a',
  ])('does not take %s', expression => {
    expect(CelParser.accepts(expression)).toBe(false);
  });
});
