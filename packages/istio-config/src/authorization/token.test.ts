import { setFromYaml } from '../setFromYaml';
import { evaluateAccess } from './evaluateAccess';
import type { RequestJwt } from './types';

const WORKLOAD = { namespace: 'orion', labels: { app: 'a' } };
const READER = `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "extensionProviders: []"}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens, namespace: orion}
spec:
  selector: {matchLabels: {app: a}}
  jwtRules:
    - {issuer: "https://id.example", audiences: [api]}
    - {issuer: robots}
---
`;
const ask = (
  rule: string | undefined,
  claims?: object,
  flaw?: Pick<RequestJwt, 'isValid' | 'isExpired'>,
) =>
  evaluateAccess(
    setFromYaml(
      READER +
        (rule
          ? `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: orion}
spec: ${rule.startsWith('{action') ? rule : `{rules: [${rule}]}`}
`
          : ''),
    ),
    WORKLOAD,
    {
      port: 80,
      method: 'GET',
      path: '/',
      ...(claims ? { jwt: { claims: { ...claims }, ...flaw } } : {}),
    },
  );

const JANE = {
  iss: 'https://id.example',
  sub: 'jane',
  aud: ['api', 'other'],
  azp: 'web',
  scope: 'read write',
  groups: ['ops', 'dev'],
  realm: { roles: ['admin'], level: 3 },
};
const from = (principal: string) =>
  `{from: [{source: {requestPrincipals: ["${principal}"]}}]}`;
const when = (key: string, value: string) =>
  `{when: [{key: "${key}", values: ["${value}"]}]}`;

describe('a token', () => {
  it.each([
    ['none', undefined, undefined, true, undefined],
    ['of a known issuer', JANE, undefined, true, undefined],
    ['that is not valid', JANE, { isValid: false }, false, 401],
    ['that is past its time', JANE, { isExpired: true }, false, 401],
    [
      'of an unknown issuer, for another audience',
      { iss: 'x', aud: 'x' },
      undefined,
      false,
      401,
    ],
    [
      'for another audience, past its time',
      { ...JANE, aud: 'x' },
      { isExpired: true },
      false,
      401,
    ],
    [
      'for another audience: nobody looks at its signature',
      { ...JANE, aud: 'x' },
      { isValid: false },
      false,
      403,
    ],
    ['of an unknown issuer', { ...JANE, iss: 'x' }, undefined, false, 401],
    ['without an issuer', { sub: 'jane' }, undefined, false, 401],
    ['for another audience', { ...JANE, aud: 'x' }, undefined, false, 403],
    [
      'for no audience, where none is asked',
      { iss: 'robots' },
      undefined,
      true,
      undefined,
    ],
  ])('%s', (_name, claims, flaw, allowed, status) => {
    expect(ask(undefined, claims, flaw)).toMatchObject({
      allowed,
      ...(status ? { status } : {}),
    });
  });

  it('that is not valid may be 403 where another rule of its issuer wants another audience', () => {
    const two = READER.replace(
      '- {issuer: robots}',
      '- {issuer: "https://id.example", audiences: [x]}',
    );
    const decision = evaluateAccess(setFromYaml(two), WORKLOAD, {
      port: 80,
      jwt: { claims: { ...JANE }, isValid: false },
    });
    expect(decision).toMatchObject({ status: 401, otherStatus: 403 });
    expect(ask(undefined, JANE, { isValid: false }).otherStatus).toBe(
      undefined,
    );
  });

  it.each([
    ['its principal', from('https://id.example/jane'), true],
    ['any subject of the issuer', from('https://id.example/*'), true],
    ['any principal', from('*'), true],
    ['the subject of any issuer', from('*/jane'), true],
    ['another subject', from('https://id.example/joe'), false],
    ['an issuer’s beginning', from('https://id*'), false],
    ['an audience', when('request.auth.audiences', 'other'), true],
    ['another audience', when('request.auth.audiences', 'x'), false],
    ['its presenter', when('request.auth.presenter', 'web'), true],
    [
      'a claim that is a list',
      when('request.auth.claims[groups]', 'dev'),
      true,
    ],
    ['a scope', when('request.auth.claims[scope]', 'write'), true],
    [
      'a nested claim',
      when('request.auth.claims[realm][roles]', 'admin'),
      true,
    ],
    ['a claim with a wildcard', when('request.auth.claims[sub]', 'ja*'), true],
    [
      'a claim that is a number',
      when('request.auth.claims[realm][level]', '3'),
      false,
    ],
    ['a claim that is not there', when('request.auth.claims[x]', '*'), false],
    [
      'a claim called __proto__',
      when('request.auth.claims[__proto__]', '*'),
      false,
    ],
  ])('is asked for %s', (_name, rule, allowed) => {
    expect(ask(rule, JANE).allowed).toBe(allowed);
    // Without a token none of them can hold.
    expect(ask(rule).allowed).toBe(false);
  });

  it('can be kept out by a DENY for those without one', () => {
    const rule = '{from: [{source: {notRequestPrincipals: ["*"]}}]}';
    expect([ask(rule).allowed, ask(rule, JANE).allowed]).toEqual([true, false]);
  });

  it.each([
    ['never one that asks for a token', '{requestPrincipals: ["*"]}', true],
    [
      'always one that asks for none',
      '{notRequestPrincipals: ["https://id.example/jane"]}',
      false,
    ],
  ])(
    'is not there yet for CUSTOM policies: %s fits',
    (_name, source, allowed) => {
      const custom = `{action: CUSTOM, provider: {name: gone}, rules: [{from: [{source: ${source}}]}]}`;
      const unknown = { ...JANE, iss: 'x' };
      expect(ask(custom, JANE).allowed).toBe(allowed);
      expect(ask(custom, unknown).status).toBe(allowed ? 401 : undefined);
    },
  );

  it('is nobody’s where nobody reads it', () => {
    const set = setFromYaml(READER.replace('app: a', 'app: b'));
    expect(
      evaluateAccess(set, WORKLOAD, { port: 80, jwt: { claims: { iss: 'x' } } })
        .allowed,
    ).toBe(true);
  });
});
