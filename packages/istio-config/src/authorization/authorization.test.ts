import { orion } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { callerAccess } from './callerAccess';
import { evaluateAccess } from './evaluateAccess';
import { pathMatches } from './ruleMatching';

const AUTH = { namespace: 'orion', labels: { app: 'auth-service' } };
const GATEWAY = 'cluster.local/ns/orion/sa/gateway-service';
const BILLING = 'cluster.local/ns/billing/sa/billing';
const login = { port: 8080, method: 'POST', path: '/api/auth/login' };

const policy = (name: string, spec: string, namespace = 'orion') => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
---
`;

describe('evaluateAccess', () => {
  it.each([
    ['the named caller and operation', { ...login, principal: GATEWAY }, true],
    [
      'another operation',
      { ...login, path: '/api/auth/me', principal: GATEWAY },
      false,
    ],
    ['another method', { ...login, method: 'GET', principal: GATEWAY }, false],
    ['another caller', { ...login, principal: BILLING }, false],
    ['a caller without a certificate', login, false],
  ])('ORION: %s', (_name, request, allowed) => {
    expect(evaluateAccess(orion(), AUTH, request).allowed).toBe(allowed);
  });

  it.each([
    { name: 'no policy', spec: undefined, allowed: true },
    { name: 'an empty spec denies all', spec: '{}', allowed: false },
    { name: 'one empty rule allows all', spec: '{rules: [{}]}', allowed: true },
    {
      name: 'DENY before ALLOW',
      spec: '{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}',
      allowed: false,
    },
    {
      name: 'AUDIT decides nothing',
      spec: '{action: AUDIT, rules: [{}]}',
      allowed: true,
    },
    {
      name: 'a namespace from the certificate',
      spec: '{rules: [{from: [{source: {namespaces: [orion]}}]}]}',
      allowed: true,
    },
    {
      name: 'notPrincipals',
      spec: '{rules: [{from: [{source: {notPrincipals: ["*/sa/gateway-service"]}}]}]}',
      allowed: false,
    },
    {
      name: 'the workload’s port',
      spec: '{rules: [{to: [{operation: {ports: ["9090"]}}]}]}',
      allowed: false,
    },
    {
      name: 'a condition on a header',
      spec: '{rules: [{when: [{key: "request.headers[x-tenant-id]", values: [acme-*]}]}]}',
      allowed: true,
    },
    {
      name: 'a selector for somebody else',
      spec: '{selector: {matchLabels: {app: other}}}',
      allowed: true,
    },
  ])('$name', ({ spec, allowed }) => {
    const set = setFromYaml(spec ? policy('p', spec) : '');
    expect(
      evaluateAccess(set, AUTH, {
        ...login,
        principal: GATEWAY,
        headers: { 'X-Tenant-Id': 'acme-corp' },
      }).allowed,
    ).toBe(allowed);
  });

  it('says which rule decided, or what did not fit', () => {
    const reason = (request: object) =>
      evaluateAccess(orion(), AUTH, { ...login, ...request }).reason;
    expect(reason({ principal: GATEWAY })).toBe(
      'AuthorizationPolicy orion/auth-service-policy allows it by rule 1',
    );
    expect(reason({ principal: GATEWAY, path: '/api/auth/me' })).toBe(
      'no rule of AuthorizationPolicy orion/auth-service-policy fits POST /api/auth/me from this caller',
    );
    expect(reason({ principal: BILLING })).toContain(
      `fits the caller ${BILLING}`,
    );
  });
});

describe('callerAccess', () => {
  it.each([
    [GATEWAY, 'partly', ['POST /api/auth/login']],
    [BILLING, 'no', []],
    [undefined, 'no', []],
  ])('%s', (principal, allowed, operations) => {
    expect(
      callerAccess(orion(), AUTH, { principal, port: 8080 }),
    ).toMatchObject({ allowed, operations });
  });
});

describe('pathMatches', () => {
  it.each([
    ['/a/*', '/a/b/c', true],
    ['*/c', '/a/b/c', true],
    ['/a/{*}/c', '/a/b/c', true],
    ['/a/{*}', '/a/b/c', false],
    ['/a/{**}', '/a/b/c', true],
    ['/a/{**}/d', '/a/b/c', false],
    ['/a', '/A', false],
  ])('%s and %s: %s', (pattern, path, fits) => {
    expect(pathMatches(pattern, path)).toBe(fits);
  });

  it('answers a long hostile pattern at once', () => {
    const pattern = '/{**}'.repeat(200);
    expect(pathMatches(`${pattern}/x`, '/a'.repeat(500))).toBe(false);
  });
});
