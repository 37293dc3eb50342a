import { outOfScopeWords, tlsWords } from './surroundings';

it.each([
  [undefined, undefined],
  ['SIMPLE', 'terminates TLS (SIMPLE)'],
  ['PASSTHROUGH', 'passes TLS on unopened (PASSTHROUGH)'],
  ['NEW_MODE', 'NEW_MODE'],
])('says of TLS mode %s: %s', (mode, words) => {
  expect(tlsWords(mode)).toBe(words);
});

it('says what it means to be left out by a Sidecar', () => {
  const sidecar = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    namespace: 'a',
    name: 'narrow',
  };
  expect(outOfScopeWords({ sidecar, outcome: 'blocked', why: '' })).toMatch(
    /^Sidecar a\/narrow .*does not import.*: their requests to it fail\.$/,
  );
  expect(outOfScopeWords({ outcome: 'passthrough', why: '' })).toMatch(
    /not exported.*without mTLS\.$/,
  );
});
