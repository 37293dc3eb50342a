import { setFromYaml } from '../setFromYaml';
import { callerAccess } from './callerAccess';
import { evaluateAccess } from './evaluateAccess';
import { normalizedPath } from './normalizedPath';
import type { AccessRequest } from './types';

const WORKLOAD = { namespace: 'depot', labels: { app: 'crane' } };
const mesh = (text: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: '${text}'}
---
`;
const policy = (spec: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: depot}
spec: ${spec}
---
`;
const allowOf = (source: string) =>
  policy(`{rules: [{from: [{source: ${source}}]}]}`);
const decide = (objects: string, request: Partial<AccessRequest>) =>
  evaluateAccess(setFromYaml(objects), WORKLOAD, { port: 80, ...request });

describe('an identity', () => {
  const MOVED = mesh(
    '{trustDomain: new.example, trustDomainAliases: [old.example]}',
  );
  it.each([
    [
      'cluster.local stands for the mesh’s own trust domain',
      MOVED,
      '{principals: [cluster.local/ns/depot/sa/hook]}',
      'new.example/ns/depot/sa/hook',
      true,
    ],
    [
      'and for its aliases',
      MOVED,
      '{principals: [cluster.local/ns/depot/sa/hook]}',
      'old.example/ns/depot/sa/hook',
      true,
    ],
    [
      'an alias stands for the mesh’s own',
      MOVED,
      '{principals: [old.example/ns/depot/sa/hook]}',
      'new.example/ns/depot/sa/hook',
      true,
    ],
    [
      'another domain stands for itself',
      MOVED,
      '{principals: [far.example/ns/depot/sa/hook]}',
      'new.example/ns/depot/sa/hook',
      false,
    ],
    [
      'a domain with a wildcard',
      MOVED,
      '{principals: ["old*/ns/depot/sa/hook"]}',
      'new.example/ns/depot/sa/hook',
      true,
    ],
    [
      'not with its own twin',
      MOVED,
      '{notPrincipals: [old.example/ns/depot/sa/hook]}',
      'new.example/ns/depot/sa/hook',
      false,
    ],
    [
      'a trust domain by its alias',
      MOVED,
      '{trustDomains: [old.example]}',
      'new.example/ns/depot/sa/hook',
      true,
    ],
    [
      'one written with spiffe:// never fits',
      '',
      '{principals: ["spiffe://cluster.local/ns/depot/sa/hook"]}',
      'cluster.local/ns/depot/sa/hook',
      false,
    ],
    [
      'a suffix',
      '',
      '{principals: ["*/sa/hook"]}',
      'cluster.local/ns/depot/sa/hook',
      true,
    ],
  ])('%s', (_name, config, source, principal, allowed) => {
    expect(decide(config + allowOf(source), { principal }).allowed).toBe(
      allowed,
    );
    expect(
      callerAccess(setFromYaml(config + allowOf(source)), WORKLOAD, {
        principal,
        port: 80,
      }).allowed,
    ).toBe(allowed ? 'yes' : 'no');
  });
});

describe('an address', () => {
  const through = { peerIp: '10.1.0.7', remoteIp: '198.51.100.4' };
  it.each([
    [
      'of the client is not the peer’s',
      '{ipBlocks: [198.51.100.0/24]}',
      through,
      false,
    ],
    ['of the peer', '{ipBlocks: [10.1.0.0/16]}', through, true],
    [
      'of the client behind a proxy',
      '{remoteIpBlocks: [198.51.100.0/24]}',
      through,
      true,
    ],
    [
      'of a direct caller is both',
      '{ipBlocks: [198.51.100.0/24]}',
      { remoteIp: '198.51.100.4' },
      true,
    ],
    [
      'of the client on a TCP port',
      '{remoteIpBlocks: [198.51.100.0/24]}',
      { ...through, protocol: 'tcp' as const },
      true,
    ],
  ])('%s', (_name, source, request, allowed) => {
    expect(decide(allowOf(source), request).allowed).toBe(allowed);
  });

  it.each([
    ['source.ip', false],
    ['remote.ip', true],
  ])('in a condition on %s', (key, allowed) => {
    const rules = `{rules: [{when: [{key: ${key}, values: [198.51.100.0/24]}]}]}`;
    expect(decide(policy(rules), through).allowed).toBe(allowed);
  });
});

describe('a block of addresses', () => {
  it.each([
    ['fd12:3456::/32', 'fd12:3456:0:1::9', true],
    ['fd12:3456::/32', 'fd12:3457::9', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['::/0', '2001:db8::1', true],
    ['10.0.0.0/8', '10.9.9.9', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['0.0.0.0/0', '::1', false],
    ['10.0.0.0/x', '10.0.0.1', false],
    ['::1::', '::1', false],
  ])('%s and %s: %s', (block, remoteIp, allowed) => {
    expect(
      decide(allowOf(`{ipBlocks: ["${block}"]}`), { remoteIp }).allowed,
    ).toBe(allowed);
  });
});

describe('a server name', () => {
  it.each([
    ['pay.example', true],
    ['other.example', false],
    [undefined, false],
  ])('%s', (sni, allowed) => {
    const rules =
      '{rules: [{when: [{key: connection.sni, values: [pay.example]}]}]}';
    expect(decide(policy(rules), { sni, protocol: 'tcp' }).allowed).toBe(
      allowed,
    );
  });
});

describe('a CUSTOM policy', () => {
  const custom = (provider: string, name = 'p') =>
    policy(
      `{action: CUSTOM, provider: {name: ${provider}}, rules: [{to: [{operation: {paths: [/in*]}}]}]}`,
    ).replace('name: p,', `name: ${name},`);
  const KNOWN = mesh(
    '{extensionProviders: [{name: gate, envoyExtAuthzGrpc: {service: g, port: 1}}, {name: logs, envoyOtelAls: {}}]}',
  );
  it.each([
    ['of a provider that the mesh has', KNOWN + custom('gate'), '/in', true],
    ['of a provider that it has not', KNOWN + custom('gaet'), '/in', false],
    [
      'of a provider that authorizes nobody',
      KNOWN + custom('logs'),
      '/in',
      false,
    ],
    [
      'of no such provider, for another path',
      KNOWN + custom('gaet'),
      '/out',
      true,
    ],
    ['in a mesh without providers', mesh('{}') + custom('gate'), '/in', false],
    ['where the mesh’s settings are not known', custom('gate'), '/in', true],
    [
      'beside one of another provider',
      custom('gate') + custom('door', 'q'),
      '/in',
      false,
    ],
  ])('%s', (_name, objects, path, allowed) => {
    expect(decide(objects, { path }).allowed).toBe(allowed);
  });
});

describe('a path', () => {
  const DENY = policy(
    '{action: DENY, rules: [{to: [{operation: {paths: ["/vault*"]}}]}]}',
  );
  it.each([
    ['/open/../vault/x', '', false],
    ['/./vault', '', false],
    ['/%76ault', '', false],
    ['/open\\..\\vault', '', false],
    [
      '/open/../vault',
      mesh('{pathNormalization: {normalization: NONE}}'),
      true,
    ],
    ['//vault', '', true],
    [
      '//vault',
      mesh('{pathNormalization: {normalization: MERGE_SLASHES}}'),
      false,
    ],
    [
      '/open%2f..%2fvault',
      mesh('{pathNormalization: {normalization: DECODE_AND_MERGE_SLASHES}}'),
      false,
    ],
    ['/open?to=/../vault', '', true],
  ])('%s %#', (path, config, allowed) => {
    expect(decide(config + DENY, { path }).allowed).toBe(allowed);
  });

  it.each([
    ['/a/b/..', '/a/'],
    ['/../a', '/a'],
    ['/a/./b/?x=..', '/a/b/?x=..'],
    ['*', '*'],
    ['/', '/'],
  ])('%s is %s', (path, expected) => {
    expect(normalizedPath(path, undefined)).toBe(expected);
  });
});

describe('callers whose request is not known', () => {
  it.each([
    [
      'are let in with a token',
      allowOf('{requestPrincipals: ["*"]}'),
      'partly',
      ['everything with a valid token'],
    ],
    [
      'are let in from an address',
      allowOf('{ipBlocks: [10.0.0.0/8]}'),
      'partly',
      ['everything from 10.0.0.0/8'],
    ],
    [
      'are refused without a token',
      policy(
        '{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ["*"]}}]}]}',
      ),
      'partly',
      ['not everything without a valid token'],
    ],
    [
      'are refused by name, token or not',
      allowOf('{principals: [other], requestPrincipals: ["*"]}'),
      'no',
      [],
    ],
  ])('%s', (_name, objects, allowed, operations) => {
    expect(
      callerAccess(setFromYaml(objects), WORKLOAD, {
        principal: 'cluster.local/ns/depot/sa/hook',
        port: 80,
      }),
    ).toMatchObject({ allowed, operations });
  });
});

describe('a token', () => {
  const reader = (rule: string) => `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: r, namespace: depot}
spec: {jwtRules: [${rule}]}
---
`;
  it.each([
    [
      'of any issuer, where the rule names none',
      '{jwksUri: "https://keys"}',
      { iss: 'whoever' },
      undefined,
    ],
    ['of no issuer, there', '{jwksUri: "https://keys"}', {}, undefined],
    [
      'of another issuer than the rule names',
      '{issuer: one}',
      { iss: 'two' },
      401,
    ],
    ['of no issuer, where the rule names one', '{issuer: one}', {}, 401],
  ])('%s', (_name, rule, claims, status) => {
    expect(decide(reader(rule), { jwt: { claims } }).status).toBe(status);
  });
});
