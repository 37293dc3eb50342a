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
`;
const gateway = (name: string, servers: string, created = '2026-01-01') => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: door, creationTimestamp: "${created}T00:00:00Z"}
spec: {selector: {app: door}, servers: [${servers}]}
---
`;
const https = (hosts: string, more = '') =>
  `{port: {number: 443, name: "https-${hosts}", protocol: HTTPS}, hosts: [${hosts}], tls: {mode: SIMPLE, credentialName: c${more}}}`;
const http = (hosts: string, tls = '') =>
  `{port: {number: 443, name: http, protocol: HTTP}, hosts: [${hosts}]${tls}}`;
const virtualService = (
  name: string,
  at: string,
  rule = 'route: [{destination: {host: orders}}]',
  host = 'a.test',
) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec: {hosts: ["${host}"], gateways: [door/${at}], http: [{${rule}}]}
---
`;
const REFUNDS = 'route: [{destination: {host: refunds}}]';

const ask = (objects: string, sni: string | undefined, host = 'a.test') => {
  const set = setFromYaml(`${MESH}${objects}`);
  const outcomes = foretellCall(set, {
    protocol: 'http',
    from: findWorkload(set, 'shop', 'front')!,
    gateway: { name: 'door/web', workload: findWorkload(set, 'door', 'door')! },
    host,
    sni,
    port: 443,
    method: 'GET',
    path: '/',
  });
  return outcomes
    .map(outcome => {
      switch (outcome.type) {
        case 'reaches':
          return outcome.pod.replace(/^shop\/(\w+).*/, '$1');
        case 'answered':
          return [outcome.status, outcome.location].filter(Boolean).join(' ');
        default:
          return outcome.type;
      }
    })
    .filter((one, index, all) => all.indexOf(one) === index)
    .join();
};

describe('HTTPS at a gateway', () => {
  const ONE = gateway('web', https('a.test')) + virtualService('a', 'web');
  const BOTH =
    gateway('web', `${https('a.test')}, ${https('"*.test"')}`) +
    virtualService('all', 'web', REFUNDS, '*.test');

  it.each<[string, string, string | undefined, string, string]>([
    ['finds the server by the greeting', ONE, 'a.test', 'a.test', 'orders'],
    ['closes for a name of no server', ONE, 'b.test', 'a.test', 'closed'],
    ['closes for plaintext', ONE, undefined, 'a.test', 'closed'],
    [
      'answers 404 for a host that the greeted server does not have',
      BOTH,
      'a.test',
      'b.test',
      '404',
    ],
    [
      '… and another server serves it under its own name',
      BOTH,
      'b.test',
      'b.test',
      'refunds',
    ],
    [
      '… also where the host has a server of its own',
      BOTH,
      'b.test',
      'a.test',
      'refunds',
    ],
    [
      'closes for TLS where the port speaks none',
      gateway('web', http('a.test')) + virtualService('a', 'web'),
      'a.test',
      'a.test',
      'closed',
    ],
    [
      'does not redirect what is encrypted already',
      gateway('web', https('a.test', ', httpsRedirect: true')) +
        virtualService('a', 'web'),
      'a.test',
      'a.test',
      'orders',
    ],
    [
      'takes rules for the scheme https',
      gateway('web', https('a.test')) +
        virtualService(
          'a',
          'web',
          `match: [{scheme: {exact: https}}], ${REFUNDS}`,
        ),
      'a.test',
      'a.test',
      'refunds',
    ],
    [
      'redirects to the scheme that was asked',
      gateway('web', https('a.test')) +
        virtualService('a', 'web', 'redirect: {uri: /moved}'),
      'a.test',
      'a.test',
      '301 https://a.test/moved',
    ],
    [
      'leaves out a server of a younger Gateway with a host of an older one',
      gateway('web', https('a.test'), '2026-02-01') +
        gateway('older', https('a.test')) +
        virtualService('a', 'web', REFUNDS) +
        virtualService('b', 'older'),
      'a.test',
      'a.test',
      'orders',
    ],
    [
      '… and with it the others of its hosts',
      gateway('web', https('a.test, b.test'), '2026-02-01') +
        gateway('older', https('a.test')) +
        virtualService('b', 'web', REFUNDS, 'b.test'),
      'b.test',
      'b.test',
      'closed',
    ],
    [
      'leaves out TLS beside older plain HTTP',
      gateway('web', https('a.test'), '2026-02-01') +
        gateway('older', http('a.test')) +
        virtualService('a', 'web'),
      'a.test',
      'a.test',
      'closed',
    ],
  ])('%s', (_name, objects, sni, host, expected) => {
    expect(ask(objects, sni, host)).toBe(expected);
  });

  const kubernetes = (listeners: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: door}
spec: {gatewayClassName: istio, listeners: [${listeners}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: all, namespace: door}
spec: {parentRefs: [{name: web, sectionName: wide}], rules: [{filters: [{type: RequestRedirect, requestRedirect: {statusCode: 302, hostname: wide.test}}]}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: one, namespace: door}
spec: {parentRefs: [{name: web, sectionName: exact}], rules: [{filters: [{type: RequestRedirect, requestRedirect: {statusCode: 302, hostname: exact.test}}]}]}
---
`;
  const LISTENERS = kubernetes(
    [
      '{name: wide, port: 443, protocol: HTTPS, hostname: "*.test", tls: {certificateRefs: [{name: c}]}}',
      '{name: exact, port: 443, protocol: HTTPS, hostname: a.test, tls: {certificateRefs: [{name: c}]}}',
    ].join(),
  );

  it.each([
    ['a.test', 'a.test', '302 https://exact.test/'],
    ['b.test', 'b.test', '302 https://wide.test/'],
    ['b.test', 'a.test', '302 https://wide.test/'],
    ['a.test', 'b.test', '404'],
    ['other.org', 'a.test', 'closed'],
    [undefined, 'a.test', 'closed'],
  ])(
    'greeted as %s a Gateway of the Gateway API answers for %s: %s',
    (sni, host, expected) => {
      expect(ask(LISTENERS, sni, host)).toBe(expected);
    },
  );
});
