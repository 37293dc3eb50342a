import { routeLines } from '../../__testUtils__/routeLines';
import { deployment, service } from '../../__fixtures__/orion';
import { setFromYaml } from '../../setFromYaml';
import { effectiveRoutesOfHost } from '../effectiveRoutesOfHost';
import { waysIn } from '../waysIn';

const BASE = `${service('a')}${deployment('a')}${service(
  'b',
  'other',
)}${deployment('b', {
  namespace: 'other',
})}
apiVersion: v1
kind: Namespace
metadata: {name: orion, labels: {team: blue}}
---
`;

const gateway = (listeners: string, more = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec: {gatewayClassName: istio${more}, listeners: [${listeners}]}
---
`;
const ALL = 'allowedRoutes: {namespaces: {from: All}}';
const HTTP = `{name: http, port: 80, protocol: HTTP, ${ALL}}`;

const route = (name: string, spec: string, kind = 'HTTPRoute') => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: orion}
spec: ${spec}
---
`;
const parent = (more = '') =>
  `parentRefs: [{name: gw, namespace: edge${more}}]`;
const rules = (name = 'a') =>
  `rules: [{backendRefs: [{name: ${name}, port: 8080}]}]`;

const ask = (yaml: string, host = 'x.example.com', port?: number) =>
  effectiveRoutesOfHost(setFromYaml(BASE + yaml), host, {
    gateway: 'edge/gw',
    port,
  });

describe('routes at a Gateway of the Gateway API', () => {
  it.each<[string, string, string, string[]]>([
    [
      'the namespace Same',
      `{name: l, port: 80, protocol: HTTP}`,
      `{${parent()}, ${rules()}}`,
      ['listener l takes no routes of orion'],
    ],
    [
      'a Selector that does not hold',
      `{name: l, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: red}}}}}`,
      `{${parent()}, ${rules()}}`,
      ['listener l takes no routes of orion'],
    ],
    [
      'a Selector that holds',
      `{name: l, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: blue}}}}}`,
      `{${parent()}, ${rules()}}`,
      [],
    ],
    [
      'another sectionName',
      HTTP,
      `{${parent(', sectionName: https')}, ${rules()}}`,
      ['it names the listener https'],
    ],
    [
      'another port',
      HTTP,
      `{${parent(', port: 8443')}, ${rules()}}`,
      ['it names port 8443'],
    ],
    [
      'hosts that do not meet',
      `{name: l, port: 80, protocol: HTTP, hostname: "*.example.org", ${ALL}}`,
      `{${parent()}, hostnames: [x.example.com], ${rules()}}`,
      ['listener l has another host'],
    ],
    [
      'a protocol without HTTP',
      `{name: l, port: 80, protocol: TCP, ${ALL}}`,
      `{${parent()}, ${rules()}}`,
      ['listener l takes no HTTPRoute'],
    ],
    [
      'other kinds only',
      `{name: l, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}}`,
      `{${parent()}, ${rules()}}`,
      ['listener l takes no HTTPRoute'],
    ],
  ])('a listener with %s', (_, listener, spec, expected) => {
    const { rules: taken, losers } = ask(gateway(listener) + route('r', spec));
    expect(losers.map(({ why }) => why)).toEqual(expected);
    expect(taken).toHaveLength(expected.length === 0 ? 1 : 0);
  });

  it('takes the most exact host first: exact, then the longer wildcard', () => {
    const yaml =
      gateway(HTTP) +
      route('any', `{${parent()}, ${rules('any')}}`) +
      route(
        'wild',
        `{${parent()}, hostnames: ["*.example.com"], ${rules('wild')}}`,
      ) +
      route(
        'exact',
        `{${parent()}, hostnames: [x.example.com], ${rules('exact')}}`,
      );
    expect(
      ['x.example.com', 'y.example.com', 'z.org'].map(
        host => ask(yaml, host).decidedBy?.name,
      ),
    ).toEqual(['exact', 'wild', 'any']);
  });

  it('narrows a route without hosts to its listener’s', () => {
    const yaml =
      gateway(
        `{name: l, port: 80, protocol: HTTP, hostname: "*.example.com", ${ALL}}`,
      ) + route('r', `{${parent()}, ${rules()}}`);
    expect(ask(yaml, 'x.example.com').rules).toHaveLength(1);
    expect(ask(yaml, 'x.example.org').rules).toHaveLength(0);
  });

  it('keeps a host that another listener names from a route of the general one', () => {
    const yaml =
      gateway(
        `${HTTP}, {name: special, port: 80, protocol: HTTP, hostname: x.example.com, ${ALL}}`,
      ) +
      route(
        'r',
        `{${parent(
          ', sectionName: http',
        )}, hostnames: [x.example.com, y.example.com], ${rules()}}`,
      );
    expect(ask(yaml, 'x.example.com').rules).toHaveLength(0);
    expect(ask(yaml, 'y.example.com').rules).toHaveLength(1);
  });

  it('says which port a rule is for where they differ, as with a redirect to HTTPS', () => {
    const yaml =
      gateway(
        `${HTTP}, {name: https, port: 443, protocol: HTTPS, ${ALL}, tls: {mode: Terminate}}`,
      ) +
      route(
        'redirect',
        `{${parent(
          ', sectionName: http',
        )}, rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}]}]}`,
      ) +
      route('app', `{${parent(', sectionName: https')}, ${rules()}}`);
    expect(routeLines(ask(yaml))).toEqual([
      'port 80 → redirected to https://the same host with 301',
      'port 443 → a.orion:8080',
    ]);
    expect(routeLines(ask(yaml, 'x.example.com', 443))).toEqual([
      'everything → a.orion:8080',
    ]);
    expect(waysIn(setFromYaml(BASE + yaml), 'orion', 'a')).toEqual([
      {
        gateway: expect.objectContaining({ name: 'gw' }),
        hosts: ['*'],
        tls: 'Terminate',
        route: expect.objectContaining({ kind: 'HTTPRoute', name: 'app' }),
      },
    ]);
  });

  describe('a backend in another namespace', () => {
    const abroad =
      gateway(HTTP) +
      route(
        'r',
        `{${parent()}, rules: [{backendRefs: [{name: a, port: 8080, weight: 9}, {name: b, namespace: other, port: 8080}]}]}`,
      );
    const grant = (spec: string, namespace = 'other') => `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: ${namespace}}
spec: ${spec}
---
`;
    const FROM =
      'from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: orion}]';
    const REFUSED =
      'everything → a.orion:8080 90 %, b.other:8080 refused (no ReferenceGrant in other lets an HTTPRoute of orion name Service b) 10 %';
    const GRANTED = 'everything → a.orion:8080 90 %, b.other:8080 10 %';
    it.each([
      ['no grant', '', REFUSED],
      [
        'a grant for all Services',
        grant(`{${FROM}, to: [{group: "", kind: Service}]}`),
        GRANTED,
      ],
      [
        'a grant for this Service',
        grant(`{${FROM}, to: [{group: "", kind: Service, name: b}]}`),
        GRANTED,
      ],
      [
        'a grant for another',
        grant(`{${FROM}, to: [{group: "", kind: Service, name: c}]}`),
        REFUSED,
      ],
      [
        'a grant in the wrong namespace',
        grant(`{${FROM}, to: [{group: "", kind: Service}]}`, 'orion'),
        REFUSED,
      ],
      [
        'a grant for another kind',
        grant(
          `{from: [{group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: orion}], to: [{group: "", kind: Service}]}`,
        ),
        REFUSED,
      ],
    ])('with %s', (_, more, expected) => {
      expect(routeLines(ask(abroad + more))).toEqual([expected]);
    });
  });

  it('is nobody’s where another controller runs the class, and 404 without a gateway', () => {
    const other = `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: istio}
spec: {controllerName: example.com/other}
---
${gateway(HTTP)}${route('r', `{${parent()}, ${rules()}}`)}`;
    expect(ask(other).rules).toEqual([]);
    expect(ask(route('r', `{${parent()}, ${rules()}}`)).rules).toEqual([]);
  });
});

describe('effectiveRoutesOfHost at an Istio Gateway', () => {
  const istioGateway = (hosts: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec: {servers: [{port: {number: 80, protocol: HTTP}, hosts: [${hosts}]}]}
---
`;
  const virtualService = (name: string, created: string, http: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: orion, creationTimestamp: "${created}T00:00:00Z"}
spec: {hosts: [x.example.com], gateways: [edge/gw], http: [${http}]}
---
`;

  it.each([
    ['"*.example.com"', 2],
    ['"orion/*"', 2],
    ['"other/*"', 0],
    ['"./*"', 0],
    ['x.example.org', 0],
  ])('with a server for %s', (hosts, count) => {
    const yaml =
      istioGateway(hosts) +
      virtualService(
        'old',
        '2026-01-01',
        '{route: [{destination: {host: a}}]}',
      ) +
      virtualService(
        'young',
        '2026-02-01',
        '{match: [{uri: {prefix: /y}}], route: [{destination: {host: a}}]}',
      );
    const routes = ask(yaml);
    expect(routes.rules.map(({ source }) => source?.object.name)).toEqual(
      ['young', 'old'].slice(2 - count),
    );
    expect(routes.decidedBy?.name).toBe(count > 0 ? 'old' : undefined);
  });

  it('routes what it passes through by SNI', () => {
    const yaml = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec: {servers: [{port: {number: 443, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: orion}
spec:
  hosts: [x.example.com]
  gateways: [edge/gw]
  http: [{route: [{destination: {host: b}}]}]
  tls: [{match: [{sniHosts: [x.example.com]}], route: [{destination: {host: a}}]}]
`;
    expect(routeLines(ask(yaml))).toEqual(['SNI x.example.com → a.orion']);
  });

  it('does not name as losers the routes for other hosts', () => {
    const yaml =
      gateway('{name: l, port: 80, protocol: HTTP}') +
      route('r', `{${parent()}, hostnames: [y.example.com], ${rules()}}`);
    expect(ask(yaml).losers).toEqual([]);
    expect(ask(yaml, 'y.example.com').losers).toHaveLength(1);
  });

  it('merges HTTPRoutes and GRPCRoutes that write the same host, and puts those that write another behind them by age', () => {
    const dated = (text: string, day: number) =>
      text.replace(
        'namespace: orion}',
        `namespace: orion, creationTimestamp: "2026-01-0${day}T00:00:00Z"}`,
      );
    const rule = (path: string) =>
      `{matches: [{path: {value: ${path}}}], backendRefs: [{name: a, port: 8080}]}`;
    const call =
      '{matches: [{method: {service: shop.Orders, method: Get}}], backendRefs: [{name: a, port: 8080}]}';
    const listener = `{name: http, port: 80, protocol: HTTP, hostname: "*.example.com", ${ALL}}`;
    const written = 'hostnames: ["*.example.com"], ';
    const decided = ask(
      gateway(listener) +
        dated(route('any', `{${parent()}, rules: [${rule('/any')}]}`), 2) +
        dated(
          route('pages', `{${parent()}, ${written}rules: [${rule('/p')}]}`),
          1,
        ) +
        dated(
          route(
            'calls',
            `{${parent()}, ${written}rules: [${call}]}`,
            'GRPCRoute',
          ),
          3,
        ),
    );
    expect(routeLines(decided)).toEqual([
      '/shop.Orders/Get → a.orion:8080',
      '/p and below → a.orion:8080',
      '/any and below → a.orion:8080',
    ]);
  });
});
