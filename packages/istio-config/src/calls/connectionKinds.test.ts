import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';

const service = (name: string, namespace = 'shop') => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: tcp, port: 5432}, {name: tls, port: 8443}]}
---${deployment(name, { namespace })}
`;
const MESH = [
  service('a'),
  service('b'),
  service('c', 'other'),
  deployment('client', { namespace: 'shop' }),
  deployment('client', { namespace: 'other' }),
  deployment('door', { namespace: 'door' }),
].join('\n');
const route = (
  kind: 'TCPRoute' | 'TLSRoute',
  spec: string,
  id = 'shop/one',
) => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${id.split('/')[1]}, namespace: ${id.split('/')[0]}}
spec: ${spec}
---
`;
const FOR_A = '{group: "", kind: Service, name: a, namespace: shop}';
const FOR_DOOR = '{name: web, namespace: door}';
const to = (name: string, more = '') =>
  `rules: [{backendRefs: [{name: ${name}, port: 5432${more}}]}]`;
const tcp = (backend: string, parent = FOR_A) =>
  route('TCPRoute', `{parentRefs: [${parent}], ${backend}}`);
const tls = (names: string, backend: string, parent = FOR_A) =>
  route(
    'TLSRoute',
    `{parentRefs: [${parent}], hostnames: [${names}], ${backend}}`,
  );
const virtualService = (sni: string, host: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: one, namespace: shop}
spec: {hosts: [a], tls: [{match: [{sniHosts: [${sni}]}], route: [{destination: {host: ${host}, port: {number: 5432}}}]}]}
---
`;
const door = (listener: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: door}
spec: {gatewayClassName: istio, listeners: [{name: l, port: 9000, allowedRoutes: {namespaces: {from: All}}, ${listener}}]}
---
`;
const PASSED_ON = door('protocol: TLS, tls: {mode: Passthrough}');

interface Asked {
  protocol?: 'tcp' | 'tls';
  port?: number;
  sni?: string;
  from?: string;
  atDoor?: boolean;
}

const ask = (objects: string, asked: Asked) => {
  const { protocol = 'tcp', port = 5432, from = 'shop', atDoor } = asked;
  const set = setFromYaml(`${MESH}${objects}`);
  const outcomes = foretellCall(set, {
    protocol,
    from: findWorkload(set, from, 'client')!,
    ...(atDoor
      ? {
          gateway: {
            name: 'door/web',
            workload: findWorkload(set, 'door', 'door')!,
          },
          host: asked.sni ?? 'any.test',
          port: 9000,
        }
      : {
          to: { namespace: 'shop', name: 'a' },
          host: asked.sni ?? 'a.shop.svc.cluster.local',
          port,
        }),
  });
  return outcomes
    .map(outcome =>
      outcome.type === 'reaches'
        ? outcome.pod.replace(/^\w+\/(\w+)-abc.*/, '$1')
        : outcome.type,
    )
    .join();
};

describe('TCPRoutes and TLSRoutes', () => {
  it.each<[string, string, Asked, string]>([
    ['a TCPRoute of a Service', tcp(to('b')), {}, 'b'],
    [
      '… for another port',
      tcp(to('b'), FOR_A.replace('}', ', port: 8443}')),
      {},
      'a',
    ],
    ['… for callers of any namespace', tcp(to('b')), { from: 'other' }, 'b'],
    ['… to nobody', tcp(to('none')), {}, 'closed'],
    ['… to somebody of no weight', tcp(to('b', ', weight: 0')), {}, 'closed'],
    [
      '… of another namespace is nearer to its own callers',
      tcp(to('b')) +
        route('TCPRoute', `{parentRefs: [${FOR_A}], ${to('c')}}`, 'other/own'),
      { from: 'other' },
      'c',
    ],
    [
      'a TLSRoute by the name in the greeting',
      tls('x.test', to('b')),
      { protocol: 'tls', port: 8443, sni: 'x.test' },
      'b',
    ],
    [
      'a TLSRoute of several names, none of them the Service’s, takes all',
      tls('x.test, y.test', to('b')),
      { protocol: 'tls', port: 8443, sni: 'z.test' },
      'b',
    ],
    [
      'of one age and name a VirtualService before a TLSRoute, whatever their namespaces',
      tls('x.test', to('b')).replace('namespace: shop', 'namespace: other') +
        virtualService('x.test', 'a'),
      { protocol: 'tls', port: 8443, sni: 'x.test' },
      'a',
    ],
    [
      'of one age the TLSRoute whose name goes on',
      tls('x.test', to('a')) +
        tls('x.test', to('b')).replace('name: one', 'name: one-more'),
      { protocol: 'tls', port: 8443, sni: 'x.test' },
      'b',
    ],
    [
      '… and of one name the one that is for fewer others before',
      tls(
        'x.test',
        to('c'),
        `${FOR_A.replace('name: a', 'name: b')}, ${FOR_A}`,
      ).replace('namespace: shop', 'namespace: door') + tls('x.test', to('b')),
      { protocol: 'tls', port: 8443, sni: 'x.test', from: 'other' },
      'b',
    ],
    [
      '… gateways counted',
      PASSED_ON +
        tls('x.test', to('none'), `${FOR_A}, ${FOR_DOOR}`).replace(
          'namespace: shop',
          'namespace: door',
        ) +
        tls('x.test', to('b')),
      { protocol: 'tls', port: 8443, sni: 'x.test', from: 'other' },
      'b',
    ],
    [
      '… and of one number the one whose namespace comes first',
      tls('x.test', to('none')).replace('namespace: shop', 'namespace: door') +
        tls('x.test', to('b')),
      { protocol: 'tls', port: 8443, sni: 'x.test', from: 'other' },
      'closed',
    ],
    [
      'at a gateway, too, the TLSRoute whose name goes on',
      PASSED_ON +
        tls('x.test', to('a'), FOR_DOOR) +
        tls('x.test', to('b'), FOR_DOOR).replace('name: one', 'name: one-more'),
      { atDoor: true, protocol: 'tls', sni: 'x.test' },
      'b',
    ],
    [
      'a TLSRoute on a port of TCP',
      tls('x.test', to('b')),
      { protocol: 'tls', sni: 'x.test' },
      'a',
    ],
    [
      'a TCPRoute at a gateway',
      door('protocol: TCP') + tcp(to('b'), FOR_DOOR),
      { atDoor: true },
      'b',
    ],
    [
      '… that its listener does not take',
      door('protocol: TCP').replace('from: All', 'from: Same') +
        tcp(to('b'), FOR_DOOR),
      { atDoor: true },
      'closed',
    ],
    [
      'a TLSRoute at a gateway',
      PASSED_ON + tls('x.test', to('b'), FOR_DOOR),
      { atDoor: true, protocol: 'tls', sni: 'x.test' },
      'b',
    ],
    [
      '… for another name',
      PASSED_ON + tls('x.test', to('b'), FOR_DOOR),
      { atDoor: true, protocol: 'tls', sni: 'y.test' },
      'closed',
    ],
    [
      '… with a wildcard, within the listener’s host',
      PASSED_ON.replace('port: 9000', 'port: 9000, hostname: x.test') +
        tls('"*.test"', to('b'), FOR_DOOR),
      { atDoor: true, protocol: 'tls', sni: 'y.test' },
      'closed',
    ],
    [
      '… beside a more exact one',
      PASSED_ON +
        tls('"*.test"', to('a'), FOR_DOOR) +
        tls('x.test', to('b'), FOR_DOOR).replace('name: one', 'name: two'),
      { atDoor: true, protocol: 'tls', sni: 'x.test' },
      'b',
    ],
    [
      '… where two meet in one name the one of the gateway’s own namespace',
      PASSED_ON.replace('port: 9000', 'port: 9000, hostname: x.test') +
        tls('"*.test"', to('a'), FOR_DOOR).replace('name: one', 'name: a') +
        tls('x.test', to('none'), FOR_DOOR).replace(
          'namespace: shop',
          'namespace: door',
        ),
      { atDoor: true, protocol: 'tls', sni: 'x.test' },
      'closed',
    ],
    [
      'a backend of another namespace that nobody granted',
      door('protocol: TCP') + tcp(to('c', ', namespace: other'), FOR_DOOR),
      { atDoor: true },
      'closed',
    ],
  ])('%s', (_name, objects, asked, expected) => {
    expect(ask(objects, asked)).toBe(expected);
  });
});

describe('a greeting of the caller’s own', () => {
  const policy = (spec: string) => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: own, namespace: shop}
spec: {selector: {matchLabels: {app: a}}, ${spec}}
---
`;
  it.each([
    '{mode: DISABLE}',
    '{mode: DISABLE}, portLevelMtls: {5432: {mode: PERMISSIVE}}',
    '{mode: PERMISSIVE}, portLevelMtls: {8443: {mode: DISABLE}}',
    '{mode: STRICT}, portLevelMtls: {8443: {mode: DISABLE}}',
  ])('gets through to a port without mTLS: %s', mtls => {
    const asked = { protocol: 'tls', port: 8443, sni: 'x.test' } as const;
    expect(ask(policy(`mtls: ${mtls}`), asked)).toBe('a');
  });
});
