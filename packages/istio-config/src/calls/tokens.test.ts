import { deployment, service } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

const MESH = `
${service('orders', 'shop')}
${deployment('orders', { namespace: 'shop' })}
${service('refunds', 'shop')}
${deployment('refunds', { namespace: 'shop' })}
${deployment('front', { namespace: 'shop' })}
${deployment('door', { namespace: 'door' })}
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web, namespace: door}
spec:
  selector: {app: door}
  servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]
---
`;
const reader = (place: string, rule: string) => `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens, namespace: ${place}}
spec: {jwtRules: [${rule}]}
---
`;
const forOpsElseOrders = (way: string, match = 'headers') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders.shop.svc.cluster.local]
  gateways: [mesh, door/web]
  http:
    - match: [{${match}: {"${way}": {exact: ops}}}]
      route: [{destination: {host: refunds}}]
    - route: [{destination: {host: orders}}]
---
`;
const TOKEN_IS_ASKED = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: known, namespace: shop}
spec: {rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}
---
`;
const CLAIMS = {
  iss: 'ids',
  sub: 'jane',
  groups: ['dev', 'ops'],
  realm: { role: 'ops' },
};

const ask = (objects: string, claims: object | undefined, past = 'door') => {
  const set = setFromYaml(`${MESH}${objects}`);
  const outcomes = foretellCall(set, {
    protocol: 'http',
    from: findWorkload(set, 'shop', 'front')!,
    ...(past === 'door'
      ? {
          gateway: {
            name: 'door/web',
            workload: findWorkload(set, 'door', 'door')!,
          },
        }
      : {}),
    host: 'orders.shop.svc.cluster.local',
    port: 8080,
    path: '/',
    ...(claims ? { jwt: { claims: { ...claims } } } : {}),
  });
  return outcomes.map(outcome =>
    outcome.type === 'reaches'
      ? outcome.pod.replace(/^.*\/|-abc12-xyz$/g, '')
      : outcome.type === 'answered' && outcome.status,
  );
};

describe('a rule that asks for a claim as if it were a header', () => {
  const read = reader('door', '{issuer: ids}');

  it.each([
    ['a list that has it', '@request.auth.claims.groups', 'refunds'],
    ['a nested one, by points', '@request.auth.claims.realm.role', 'refunds'],
    ['… by brackets', '@request.auth.claims[realm][role]', 'refunds'],
    ['… in large letters', '@Request.Auth.Claims.groups', 'refunds'],
    ['another name in large letters', '@request.auth.claims.Groups', 'orders'],
    ['one that is not there', '@request.auth.claims.x', 'orders'],
    ['one of another value', '@request.auth.claims.sub', 'orders'],
  ])('%s', (_name, way, expected) => {
    expect(ask(read + forOpsElseOrders(way), CLAIMS)).toEqual([expected]);
  });

  it.each([
    ['without it, by a token that has it', CLAIMS, 'orders'],
    ['… that has it not', { ...CLAIMS, groups: 'dev' }, 'refunds'],
    ['… without a token', undefined, 'refunds'],
  ])('%s', (_name, claims, expected) => {
    const rules = forOpsElseOrders(
      '@request.auth.claims.groups',
      'withoutHeaders',
    );
    expect(ask(read + rules, claims)).toEqual([expected]);
  });

  it.each([
    ['where nobody reads tokens at the gateway', '', 'door'],
    ['in the mesh, where sidecars read none of what leaves', read, 'mesh'],
  ])('never holds %s', (_name, readers, past) => {
    const rules = forOpsElseOrders('@request.auth.claims.groups');
    const behind = reader('shop', '{issuer: ids}');
    expect(ask(readers + behind + rules, CLAIMS, past)).toEqual(['orders']);
  });
});

describe('a token that came in by a gateway', () => {
  const behind = reader('shop', '{issuer: ids}') + TOKEN_IS_ASKED;
  const rules = forOpsElseOrders('@request.auth.claims.x');

  it.each([
    ['is taken off where it was read', '{issuer: ids}', 403],
    [
      '… unless it is to be forwarded',
      '{issuer: ids, forwardOriginalToken: true}',
      'orders',
    ],
  ])('%s', (_name, rule, expected) => {
    expect(ask(reader('door', rule) + behind + rules, CLAIMS)).toEqual([
      expected,
    ]);
  });

  it('goes on where nobody read it', () => {
    expect(ask(behind + rules, CLAIMS)).toEqual(['orders']);
  });
});
