import { routeLines } from '../../__testUtils__/routeLines';
import { deployment, service } from '../../__fixtures__/orion';
import { pathOf } from '../../kube/place';
import { setFromYaml } from '../../setFromYaml';
import { effectiveRoutes } from '../effectiveRoutes';
import { matchRequest } from '../matchRequest';
import type { RequestOrigin } from '../types';

const BASE = `${service('a')}${deployment('a')}${service('b')}${deployment(
  'b',
)}${service('c', 'other')}${deployment('c', { namespace: 'other' })}`;

function route(
  name: string,
  spec: string,
  options: { kind?: string; namespace?: string; created?: string } = {},
): string {
  const {
    kind = 'HTTPRoute',
    namespace = 'orion',
    created = '2026-01-01',
  } = options;
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}T00:00:00Z"}
spec: ${spec}
---
`;
}

const TO_A = 'parentRefs: [{group: "", kind: Service, name: a}]';
const TO_A_FROM_AFAR =
  'parentRefs: [{group: "", kind: Service, name: a, namespace: orion}]';
const backend = (name: string, more = '') =>
  `{name: ${name}, port: 8080${more}}`;

const MESH = { type: 'mesh', namespace: 'orion' } as const;

function routes(yaml: string, from: RequestOrigin = MESH, port?: number) {
  return effectiveRoutes(setFromYaml(`${BASE}${yaml}`), {
    namespace: 'orion',
    service: 'a',
    from,
    port,
  });
}

describe('routes of the Gateway API inside the mesh', () => {
  it.each<[string, string, string[]]>([
    [
      'an exact path before a longer prefix before a shorter one, then method, headers and query parameters',
      `{${TO_A}, rules: [
        {matches: [{path: {type: PathPrefix, value: /x}}], backendRefs: [${backend(
          'a',
        )}]},
        {matches: [{path: {type: PathPrefix, value: /x}, queryParams: [{name: q, value: "1"}]}], backendRefs: [${backend(
          'a',
        )}]},
        {matches: [{path: {type: PathPrefix, value: /x}, headers: [{name: h, value: "1"}]}], backendRefs: [${backend(
          'a',
        )}]},
        {matches: [{path: {type: PathPrefix, value: /x}, method: POST}], backendRefs: [${backend(
          'a',
        )}]},
        {matches: [{path: {type: RegularExpression, value: /xyzxyz.*}}], backendRefs: [${backend(
          'a',
        )}]},
        {backendRefs: [${backend('b')}]},
        {matches: [{path: {type: PathPrefix, value: /x/longer/}}], backendRefs: [${backend(
          'a',
        )}]},
        {matches: [{path: {type: Exact, value: /x}}], backendRefs: [${backend(
          'a',
        )}]}]}`,
      [
        '/x → a.orion:8080',
        '/x/longer and below → a.orion:8080',
        'POST /x and below → a.orion:8080',
        '/x and below, header h = 1 → a.orion:8080',
        '/x and below, query q = 1 → a.orion:8080',
        '/x and below → a.orion:8080',
        'everything else → b.orion:8080',
        '~/xyzxyz.* → a.orion:8080',
      ],
    ],
    [
      'weights are relative, one that is missing is 1, and 0 gets nothing',
      `{${TO_A}, rules: [{backendRefs: [${backend(
        'a',
        ', weight: 3',
      )}, ${backend(
        'b',
      )}, {name: c, namespace: other, port: 8080, weight: 0}]}]}`,
      ['everything → a.orion:8080 75 %, b.orion:8080 25 %, c.other:8080 0 %'],
    ],
    [
      'a backend that cannot be used keeps its share and answers 500',
      `{${TO_A}, rules: [{backendRefs: [${backend('a')}, ${backend(
        'gone',
      )}, {name: b, port: 81}, {group: inference.networking.k8s.io, kind: InferencePool, name: p}]}]}`,
      [
        'everything → a.orion:8080 25 %, gone.orion:8080 refused (there is no Service gone.orion.svc.cluster.local) 25 %, b.orion:81 refused (b.orion.svc.cluster.local has no port 81) 25 %, p.orion refused (istiod takes an InferencePool only where that is switched on) 25 %',
      ],
    ],
    [
      'no grant is asked for inside the mesh',
      `{${TO_A}, rules: [{backendRefs: [{name: c, namespace: other, port: 8080}]}]}`,
      ['everything → c.other:8080'],
    ],
    [
      'nothing to send to is answered 500',
      `{${TO_A}, rules: [{matches: [{path: {value: /x}}], backendRefs: [${backend(
        'a',
        ', weight: 0',
      )}]}, {name: empty}]}`,
      ['/x and below → answered 500', 'everything else → answered 500'],
    ],
    [
      'filters, timeouts and retries in words',
      `{${TO_A}, rules: [{
        filters: [
          {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-A, value: "1"}], add: [{name: x-b, value: "2"}], remove: [x-c]}},
          {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [server]}},
          {type: URLRewrite, urlRewrite: {hostname: v2.example.com, path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}}},
          {type: RequestMirror, requestMirror: {backendRef: ${backend(
            'b',
          )}, fraction: {numerator: 1, denominator: 4}}},
          {type: CORS, cors: {allowOrigins: ["https://x"]}}],
        timeouts: {request: 10s, backendRequest: 2s},
        retry: {attempts: 3, codes: [503], backoff: 250ms},
        backendRefs: [{name: a, port: 8080, filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-d, value: "1"}]}}]}]}]}`,
      [
        'everything → a.orion:8080; waits 10 s; retries 3×, 2 s each, 250 ms apart at first; 25 % are copied to b.orion.svc.cluster.local; the path becomes /v2; the host becomes v2.example.com; sets x-a on requests; adds x-b on requests; removes x-c on requests; removes server on responses; sets x-d on requests to a; browsers may call from https://x',
      ],
    ],
    [
      'a redirect needs no backend and is 302 unless it says otherwise',
      `{${TO_A}, rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https, hostname: b.example.com, path: {type: ReplaceFullPath, replaceFullPath: /new}}}]}]}`,
      ['everything → redirected to https://b.example.com/new with 302'],
    ],
    [
      'matches of one rule that stand together stay one rule',
      `{${TO_A}, rules: [{matches: [{path: {value: /aa}}, {path: {value: /bb}}], backendRefs: [${backend(
        'a',
      )}]}, {matches: [{path: {value: /c}}], backendRefs: [${backend('b')}]}]}`,
      [
        '/aa and below | /bb and below → a.orion:8080',
        '/c and below → b.orion:8080',
      ],
    ],
  ])('HTTPRoute: %s', (_, spec, expected) => {
    expect(routeLines(routes(route('r', spec)))).toEqual(expected);
  });

  it('puts the service and method of a GRPCRoute as a path, without the filters of HTTP', () => {
    const spec = `{${TO_A}, rules: [
      {matches: [{method: {service: pay.v1.Pay}}], backendRefs: [${backend(
        'a',
      )}]},
      {matches: [{method: {service: pay.v1.Pay, method: Refund}, headers: [{name: tenant, value: x.*, type: RegularExpression}]}], backendRefs: [${backend(
        'b',
      )}]},
      {matches: [{method: {method: Check}}], backendRefs: [${backend('b')}]}]}`;
    expect(routeLines(routes(route('g', spec, { kind: 'GRPCRoute' })))).toEqual(
      [
        '/pay.v1.Pay/Refund, header tenant = ~x.* → b.orion:8080',
        '/pay.v1.Pay/* → a.orion:8080',
        '~/[^/]+/Check → b.orion:8080',
      ],
    );
    const rewrite = route(
      'g',
      `{${TO_A}, rules: [{filters: [{type: URLRewrite}], backendRefs: [${backend(
        'b',
      )}]}]}`,
      { kind: 'GRPCRoute' },
    );
    expect(routes(rewrite).losers).toEqual([
      expect.objectContaining({
        why: 'Istio does not know its filter URLRewrite',
      }),
    ]);
  });

  it('lets a prefix end where a segment ends, and says why', () => {
    const decided = routes(
      route(
        'r',
        `{${TO_A}, rules: [{matches: [{path: {value: /a}}], backendRefs: [${backend(
          'a',
        )}]}, {backendRefs: [${backend('b')}]}]}`,
      ),
    );
    const of = (path: string) => matchRequest(decided, { method: 'GET', path });
    expect(of('/a/b').why).toBe('because the path is /a or below it');
    expect(of('/ab')).toMatchObject({
      rule: { index: 1, source: { at: ['spec', 'rules', 1] } },
      skipped: [{ why: 'the path is not /a or below it' }],
    });
  });

  describe('of several namespaces', () => {
    const yaml =
      route(
        'producer',
        `{${TO_A}, rules: [{backendRefs: [${backend('a')}]}]}`,
      ) +
      route(
        'consumer',
        `{${TO_A_FROM_AFAR}, rules: [{backendRefs: [{name: c, port: 8080}]}]}`,
        { namespace: 'other', created: '2026-02-01' },
      );

    it.each([
      ['orion', 'producer', 'it is for callers in other only'],
      [
        'other',
        'consumer',
        'consumer names the same host and is nearer to the caller',
      ],
      ['third', 'producer', 'it is for callers in other only'],
    ])('callers in %s meet the %s’s route', (namespace, expected, why) => {
      const decided = routes(yaml, { type: 'mesh', namespace });
      expect(decided.decidedBy).toMatchObject({
        kind: 'HTTPRoute',
        name: expected,
      });
      expect(decided.losers.map(loser => loser.why)).toEqual([why]);
    });
  });

  it('merges the routes of one namespace by their matches, then by age', () => {
    const decided = routes(
      route(
        'young',
        `{${TO_A}, rules: [{matches: [{path: {value: /a}}], backendRefs: [${backend(
          'b',
        )}]}, {matches: [{path: {value: /long}}], backendRefs: [${backend(
          'b',
        )}]}]}`,
        { created: '2026-02-01' },
      ) +
        route(
          'old',
          `{${TO_A}, rules: [{matches: [{path: {value: /a}}], backendRefs: [${backend(
            'a',
          )}]}]}`,
        ),
    );
    expect(
      decided.rules.map(({ index, source }) => [
        index,
        source?.object.name,
        source && pathOf(source.at),
      ]),
    ).toEqual([
      [0, 'young', 'spec.rules[1]'],
      [1, 'old', 'spec.rules[0]'],
      [2, 'young', 'spec.rules[0]'],
    ]);
  });

  describe('beside a VirtualService for the same host', () => {
    const virtualService = (more: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: v, namespace: orion, creationTimestamp: "2026-01-15T00:00:00Z"}
spec: {hosts: [a], http: [{route: [{destination: {host: b}}]}]${more}}
---
`;
    const httpRoute = (created: string) =>
      route('r', `{${TO_A}, rules: [{backendRefs: [${backend('a')}]}]}`, {
        created,
      });

    it.each([
      [
        'for callers in its own namespace the route wins, though younger',
        '2026-02-01',
        '',
        'orion',
        'r',
      ],
      ['elsewhere the older VirtualService', '2026-02-01', '', 'third', 'v'],
      ['elsewhere the older route', '2026-01-01', '', 'third', 'r'],
      [
        'a VirtualService for its own namespace alone comes first there',
        '2026-01-01',
        ', exportTo: ["."]',
        'orion',
        'v',
      ],
    ])('%s', (_, created, more, namespace, expected) => {
      const decided = routes(httpRoute(created) + virtualService(more), {
        type: 'mesh',
        namespace,
      });
      expect(decided.decidedBy?.name).toBe(expected);
      expect(decided.losers).toHaveLength(1);
    });
  });

  it('merges the HTTPRoutes and GRPCRoutes of a namespace', () => {
    const merged =
      route(
        'calls',
        `{${TO_A}, rules: [{matches: [{method: {service: shop.Orders, method: Get}}], backendRefs: [${backend(
          'b',
        )}]}]}`,
        { kind: 'GRPCRoute', created: '2026-02-01' },
      ) +
      route('pages', `{${TO_A}, rules: [{backendRefs: [${backend('a')}]}]}`);
    expect(routeLines(routes(merged))).toEqual([
      '/shop.Orders/Get → b.orion:8080',
      'everything else → a.orion:8080',
    ]);
    expect(routes(merged).losers).toEqual([]);
  });

  describe('with a port in the reference', () => {
    const twoPorts = `
apiVersion: v1
kind: Service
metadata: {name: a, namespace: orion}
spec: {selector: {app: a}, ports: [{name: http, port: 8080}, {name: http-admin, port: 9090}]}
---
${route(
  'r',
  `{parentRefs: [{group: "", kind: Service, name: a, port: 9090}], rules: [{backendRefs: [${backend(
    'b',
  )}]}]}`,
)}`;

    it('leaves the other ports to the Service', () => {
      expect(routeLines(routes(twoPorts))).toEqual([
        'port 9090 → b.orion:8080',
        'everything else → a.orion',
      ]);
      expect(routeLines(routes(twoPorts, MESH, 8080))).toEqual([
        'everything → a.orion',
      ]);
      expect(
        matchRequest(routes(twoPorts), {
          method: 'GET',
          path: '/',
          port: 8080,
        }),
      ).toMatchObject({
        rule: { index: 1 },
        skipped: [{ why: 'the port is not 9090' }],
      });
    });

    it.each([undefined, 9090])(
      'leaves what it does not take on that port to nobody, also where other routes take all ports (asked on %s)',
      asked => {
        const consumers = route(
          'own',
          `{parentRefs: [{group: "", kind: Service, name: a, namespace: orion, port: 9090}], rules: [{matches: [{path: {value: /own}}], backendRefs: [${backend(
            'c',
          )}]}]}`,
          { namespace: 'other' },
        );
        const producers = route(
          'all',
          `{${TO_A}, rules: [{backendRefs: [${backend('b')}]}]}`,
        );
        const objects = twoPorts.replace(/---\n[^]*/, '---\n') + consumers;
        const origin = { type: 'mesh', namespace: 'other' } as const;
        const status = (more: string, path: string) => {
          const decided = routes(objects + more, origin, asked);
          const { rule } = matchRequest(decided, {
            method: 'GET',
            path,
            port: 9090,
          });
          return rule?.destinations[0]?.host ?? rule?.directResponse?.status;
        };
        for (const more of ['', producers]) {
          expect(status(more, '/own')).toBe('c.other.svc.cluster.local');
          expect([undefined, 404]).toContain(status(more, '/'));
        }
      },
    );
  });

  it.each([
    [
      'a filter that Istio does not know',
      `{${TO_A}, rules: [{filters: [{type: ExtensionRef}], backendRefs: [${backend(
        'b',
      )}]}]}`,
      'Istio does not know its filter ExtensionRef',
    ],
    [
      'a backend without a port',
      `{${TO_A}, rules: [{backendRefs: [{name: b}]}]}`,
      'its backend b names no port',
    ],
    [
      'a host for a Service’s name',
      `{${TO_A}, rules: [{backendRefs: [{name: b.orion, port: 8080}]}]}`,
      'its backend b.orion must be the Service’s name, not a host',
    ],
  ])('takes the whole route out of force for %s', (_, spec, why) => {
    const decided = routes(route('r', spec));
    expect(routeLines(decided)).toEqual(['everything → a.orion']);
    expect(decided.losers).toEqual([expect.objectContaining({ why })]);
  });

  it('reads a parent without group as no Service', () => {
    expect(
      routes(
        route(
          'r',
          `{parentRefs: [{kind: Service, name: a}], rules: [{backendRefs: [${backend(
            'b',
          )}]}]}`,
        ),
      ).decidedBy,
    ).toBeUndefined();
  });
});
