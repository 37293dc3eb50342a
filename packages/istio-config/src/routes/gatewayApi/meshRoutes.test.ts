import { routeLines } from '../../__testUtils__/routeLines';
import { matchRequest } from '../matchRequest';
import { backend, route, routes, TO_A } from './__testUtils__/routesOfA';

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
        'everything → a.orion:8080; times out after 10 s; retries 3×, 2 s each, 250 ms apart at first; 25 % are copied to b.orion.svc.cluster.local; the path becomes /v2; the host becomes v2.example.com; sets x-a on requests; adds x-b on requests; removes x-c on requests; removes server on responses; sets x-d on requests to a; browsers may call from https://x',
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
