import fc from 'fast-check';
import type { AnyObject } from '../../KubeApi';
import { EDGE, ONE, TWO } from '../places';
import type { Ask } from '../Trial';
import { headerFilters } from './headers';
import { ask } from './requests';
import { sometimes } from './sometimes';

const GROUP = 'gateway.networking.k8s.io';
export const KUBERNETES_PORT = 82;
export const KUBERNETES_TLS_PORT = 444;

export const object = (
  kind: string,
  place: string,
  name: string,
  spec: object,
  version = 'v1',
): AnyObject => ({
  apiVersion: `${GROUP}/${version}`,
  kind,
  metadata: { name, namespace: place },
  spec,
});

/** The Gateway API's own gateway, on the pods of the other: by the address of their Service. */
export const kubernetesGateway = fc
  .record({
    hostname: sometimes(fc.constantFrom('a.example.com', '*.example.com'), 2),
    from: fc.constantFrom('All', 'All', 'Same'),
  })
  .map(({ hostname, from }) =>
    object('Gateway', EDGE, 'kube', {
      gatewayClassName: 'istio',
      addresses: [
        { type: 'Hostname', value: `edge.${EDGE}.svc.cluster.local` },
      ],
      listeners: [
        {
          name: 'http',
          port: KUBERNETES_PORT,
          protocol: 'HTTP',
          hostname,
          allowedRoutes: { namespaces: { from } },
        },
      ],
    }),
  );

const path = fc.oneof(
  fc
    .constantFrom('/', '/a', '/a/b', '/a/')
    .map(value => ({ type: 'PathPrefix', value })),
  fc.constantFrom('/a', '/a/b').map(value => ({ type: 'Exact', value })),
  fc
    .constantFrom('/a.*', '/[ab]+')
    .map(value => ({ type: 'RegularExpression', value })),
);
export const named = (...names: string[]) =>
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom(
        { type: 'Exact', value: 'v' },
        { type: 'RegularExpression', value: 'v.*' },
      ),
    )
    .map(([name, rest]) => [{ name, ...rest }]);
const match = fc.record({
  path: sometimes(path, 1),
  method: sometimes(fc.constantFrom('GET', 'POST'), 3),
  headers: sometimes(named('x-one', 'X-Two'), 3),
  queryParams: sometimes(named('q', 'r'), 5),
});

const backend = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'nobody'),
  namespace: sometimes(fc.constantFrom(ONE, TWO), 2),
  port: fc.constantFrom(80, 80, 81, 8000),
  weight: sometimes(fc.constantFrom(0, 1, 3), 3),
  filters: sometimes(headerFilters, 6),
});
const filter = fc.oneof(
  fc
    .oneof(
      fc.constantFrom('/', '/new').map(replaceFullPath => ({
        path: { type: 'ReplaceFullPath', replaceFullPath },
      })),
      fc.constant({ hostname: 'other.example.com' }),
    )
    .map(urlRewrite => ({ type: 'URLRewrite', urlRewrite })),
  fc
    .record({
      hostname: sometimes(fc.constant('moved.example.com'), 1),
      scheme: sometimes(fc.constant('https'), 1),
      statusCode: sometimes(fc.constantFrom(301, 302), 1),
      port: sometimes(fc.constantFrom(443, 8443), 3),
    })
    .map(requestRedirect => ({ type: 'RequestRedirect', requestRedirect })),
);

const rule = fc
  .record({
    matches: sometimes(fc.array(match, { minLength: 1, maxLength: 2 }), 1),
    backendRefs: fc.array(backend, { maxLength: 2 }),
    filters: sometimes(
      fc.oneof(
        fc.tuple(filter).map((list): object[] => list),
        headerFilters,
        fc.tuple(filter, headerFilters).map(([one, more]) => [one, ...more]),
      ),
      2,
    ),
    timeouts: sometimes(
      fc.constantFrom(
        { request: '300ms' },
        { request: '2s', backendRequest: '300ms' },
      ),
      4,
    ),
  })
  // What redirects has no backends.
  .map(({ backendRefs, filters, ...rest }) => ({
    ...rest,
    filters,
    ...(filters?.some(one => 'requestRedirect' in one) ? {} : { backendRefs }),
  }));

/** Only of one prefix it is clear what is replaced. */
const prefixRule = fc
  .tuple(
    fc.constantFrom('/', '/a', '/a/b', '/a/'),
    fc.constantFrom('/', '/new', '/new/', ''),
    backend,
  )
  .map(([value, replacePrefixMatch, one]) => ({
    matches: [{ path: { type: 'PathPrefix', value } }],
    filters: [
      {
        type: 'URLRewrite',
        urlRewrite: {
          path: { type: 'ReplacePrefixMatch', replacePrefixMatch },
        },
      },
    ],
    backendRefs: [one],
  }));

const parentOn = (...ports: number[]) =>
  fc.oneof(
    fc
      .tuple(
        fc.constantFrom('a', 'a', 'b'),
        fc.constantFrom(ONE, ONE, TWO),
        sometimes(fc.constantFrom(...ports), 3),
      )
      .map(([name, namespace, port]) => ({
        group: '',
        kind: 'Service',
        ...{ name, namespace, port },
      })),
    fc.constant({ name: 'kube', namespace: EDGE }),
  );

/** What all kinds of routes say: where they are, to what they are attached, and for which hosts. */
export const routeBasics = (...ports: number[]) => ({
  place: fc.constantFrom(ONE, ONE, TWO, EDGE),
  name: fc.constantFrom('first', 'second', 'first-too'),
  parentRefs: fc.uniqueArray(parentOn(...ports), {
    minLength: 1,
    maxLength: 2,
    selector: one => JSON.stringify([one.name, one.namespace]),
  }),
  hostnames: sometimes(
    fc.constantFrom(
      ['a.example.com'],
      ['*.example.com'],
      ['a.compare-one', 'b.example.com'],
    ),
    1,
  ),
});

/** Routes for Services and for the gateway. */
export const httpRoute = fc
  .record({
    ...routeBasics(80, 81),
    rules: fc.array(
      fc.oneof(
        { weight: 5, arbitrary: rule },
        { weight: 1, arbitrary: prefixRule },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ place, name, ...spec }) => object('HTTPRoute', place, name, spec));

/** What lets routes of one namespace name Services of another. */
export const referenceGrant = fc
  .record({
    place: fc.constantFrom(ONE, TWO),
    from: fc.constantFrom(ONE, TWO, EDGE),
    kind: fc.constantFrom(
      ...['HTTPRoute', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'],
    ),
    name: sometimes(fc.constantFrom('a', 'c'), 2),
  })
  .map(({ place, from, kind, name }) =>
    object(
      'ReferenceGrant',
      place,
      'grant',
      {
        from: [{ group: GROUP, kind, namespace: from }],
        to: [{ group: '', kind: 'Service', name }],
      },
      'v1beta1',
    ),
  );

/** As of the others, but at the Gateway API's gateway. */
export const kubernetesAsk: fc.Arbitrary<Ask> = ask.map(one =>
  one.gateway
    ? { ...one, gateway: `${EDGE}/kube`, port: KUBERNETES_PORT }
    : one,
);
