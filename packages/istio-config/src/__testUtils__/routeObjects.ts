import fc from 'fast-check';
import type { KubeObject } from '../kube/KubeObject';
import { junk } from './arbitrary';

const NAMESPACES = ['one', 'two'];
const NAMES = ['a', 'b', 'c'];

/** Mostly what it should be, now and then anything. */
function spoilt<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 40, arbitrary },
    { weight: 1, arbitrary: junk },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

const listOf = (arbitrary: fc.Arbitrary<unknown>, maxLength = 3) =>
  spoilt(fc.array(spoilt(arbitrary), { minLength: 1, maxLength }));

const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(fields, { noNullPrototype: true });
const perhaps = (arbitrary: fc.Arbitrary<unknown>) =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const optional = (arbitrary: fc.Arbitrary<unknown>) =>
  perhaps(spoilt(arbitrary));
const optionalList = (arbitrary: fc.Arbitrary<unknown>, maxLength = 3) =>
  perhaps(listOf(arbitrary, maxLength));

const name = fc.constantFrom(...NAMES);
const host = fc.constantFrom(
  'a',
  'b',
  'a.one.svc.cluster.local',
  '*.one.svc.cluster.local',
  'x.example.com',
  '*.example.com',
  '*',
);
const port = fc.constantFrom(80, 443, 5432);
const weight = fc.oneof(
  fc.constantFrom<unknown>(undefined, 0, 1),
  fc.integer({ min: -1, max: 1000 }),
  fc.double({ noNaN: true }),
);
const duration = fc.constantFrom('1s', '250ms', '0s', 'soon');

const stringMatch = some({
  exact: perhaps(fc.constantFrom('/x', 'v')),
  prefix: perhaps(fc.constantFrom('/', '/x', 'v')),
  regex: perhaps(fc.constantFrom('.*', '/x.*', '(')),
});
const named = fc.dictionary(fc.constantFrom('h', 'q'), spoilt(stringMatch), {
  maxKeys: 2,
  noNullPrototype: true,
});

const destination = some({
  host: spoilt(host),
  subset: optional(fc.constantFrom('v1', 'v2')),
  port: spoilt(some({ number: spoilt(port) })),
});
const routed = listOf(
  some({ destination: spoilt(destination), weight: spoilt(weight) }),
);
const connectionRules = (match: Record<string, fc.Arbitrary<unknown>>) =>
  listOf(
    some({
      match: optionalList(some({ port: spoilt(port), ...match }), 2),
      route: routed,
    }),
  );

const virtualService = some({
  hosts: listOf(host, 2),
  gateways: optionalList(fc.constantFrom('mesh', 'b', 'one/b'), 2),
  exportTo: optionalList(fc.constantFrom('*', '.', 'one', '~'), 2),
  http: listOf(
    some({
      match: optionalList(
        some({
          uri: spoilt(stringMatch),
          method: optional(stringMatch),
          headers: optional(named),
          withoutHeaders: optional(named),
          queryParams: optional(named),
          ignoreUriCase: spoilt(fc.boolean()),
          port: spoilt(port),
          sourceLabels: optional(fc.constant({ app: 'a' })),
        }),
        2,
      ),
      route: routed,
      delegate: optional(some({ name: spoilt(name) })),
      timeout: spoilt(duration),
      retries: spoilt(some({ attempts: spoilt(fc.nat(3)) })),
      fault: optional(
        some({ abort: spoilt(some({ httpStatus: spoilt(port) })) }),
      ),
      redirect: optional(some({ uri: spoilt(host) })),
      rewrite: spoilt(some({ uri: spoilt(host) })),
      mirror: optional(destination),
      mirrors: optionalList(some({ destination: spoilt(destination) })),
      corsPolicy: spoilt(some({ allowOrigins: listOf(stringMatch) })),
    }),
  ),
  tls: connectionRules({ sniHosts: listOf(host) }),
  tcp: connectionRules({ destinationSubnets: listOf(host) }),
});

const reference = {
  name: spoilt(name),
  namespace: spoilt(fc.constantFrom(...NAMESPACES)),
};
const filter = some({
  type: spoilt(
    fc.constantFrom(
      'RequestHeaderModifier',
      'ResponseHeaderModifier',
      'RequestRedirect',
      'URLRewrite',
      'RequestMirror',
      'CORS',
    ),
  ),
  requestHeaderModifier: spoilt(
    some({ set: listOf(some({ name: spoilt(name), value: spoilt(name) })) }),
  ),
  requestRedirect: spoilt(
    some({ scheme: spoilt(name), path: spoilt(some({ type: spoilt(name) })) }),
  ),
  urlRewrite: spoilt(some({ hostname: spoilt(host), path: spoilt(junk) })),
  requestMirror: spoilt(
    some({
      backendRef: spoilt(some({ ...reference, port: spoilt(port) })),
      fraction: spoilt(some({ numerator: spoilt(fc.nat(9)) })),
    }),
  ),
  cors: spoilt(some({ allowOrigins: listOf(host) })),
});
const typed = (value: fc.Arbitrary<unknown>, ...types: string[]) =>
  some({
    name: spoilt(name),
    type: spoilt(fc.constantFrom(...types)),
    value: spoilt(value),
  });
const path = fc.constantFrom('/', '/x', '/x/y/');

const gatewayRoute = some({
  parentRefs: listOf(
    fc.oneof(
      fc.record({
        group: fc.constant(''),
        kind: fc.constant('Service'),
        name,
        namespace: fc.constantFrom(...NAMESPACES),
        port: fc.constantFrom(undefined, 80),
      }),
      fc.constant({ name: 'a', namespace: 'one' }),
      some({
        ...reference,
        sectionName: optional(name),
        port: spoilt(port),
      }),
    ),
    2,
  ),
  hostnames: optionalList(host, 2),
  rules: listOf(
    some({
      matches: listOf(
        some({
          path: spoilt(typed(path, 'Exact', 'PathPrefix', 'RegularExpression')),
          method: optional(
            fc.oneof(
              fc.constant('GET'),
              some({ service: spoilt(name), method: spoilt(name) }),
            ),
          ),
          headers: optionalList(typed(name, 'Exact', 'RegularExpression'), 2),
          queryParams: optionalList(typed(name, 'Exact'), 2),
        }),
        2,
      ),
      filters: optionalList(filter, 2),
      backendRefs: listOf(
        some({
          ...reference,
          port: spoilt(port),
          weight: spoilt(weight),
          kind: fc.constantFrom('Service', 'InferencePool'),
          filters: optionalList(filter, 1),
        }),
      ),
      timeouts: spoilt(
        some({ request: spoilt(duration), backendRequest: spoilt(duration) }),
      ),
      retry: spoilt(some({ attempts: spoilt(fc.nat(3)), codes: listOf(port) })),
    }),
  ),
});

const kubernetesGateway = some({
  listeners: listOf(
    some({
      name: spoilt(name),
      port: spoilt(port),
      protocol: spoilt(fc.constantFrom('HTTP', 'HTTPS', 'TCP')),
      hostname: optional(host),
      allowedRoutes: spoilt(
        some({
          namespaces: spoilt(
            some({
              from: spoilt(fc.constantFrom('All', 'Same', 'Selector')),
              selector: spoilt(junk),
            }),
          ),
        }),
      ),
    }),
  ),
});

const istioGateway = some({
  servers: listOf(
    some({ hosts: listOf(host), port: spoilt(some({ number: spoilt(port) })) }),
  ),
});

const sidecar = some({
  workloadSelector: optional(some({ labels: spoilt(junk) })),
  outboundTrafficPolicy: optional(some({ mode: spoilt(name) })),
  egress: listOf(
    some({
      port: spoilt(some({ number: spoilt(port) })),
      hosts: listOf(
        fc.constantFrom('*/*', './*', 'one/*', '~/*', '~one/a', 'two/*'),
      ),
    }),
  ),
});

const service = some({
  selector: spoilt(fc.constant({ app: 'a' })),
  ports: listOf(
    some({
      name: spoilt(fc.constantFrom('http', 'tcp', 'tls')),
      port: spoilt(port),
    }),
  ),
});

const destinationRule = some({
  host: spoilt(host),
  subsets: listOf(
    some({
      name: spoilt(fc.constantFrom('v1', 'v2')),
      labels: spoilt(fc.constant({ app: 'a' })),
    }),
  ),
  trafficPolicy: spoilt(
    some({
      outlierDetection: spoilt(fc.constant({})),
      loadBalancer: spoilt(
        some({
          localityLbSetting: spoilt(
            some({
              distribute: listOf(
                some({ from: spoilt(name), to: spoilt(junk) }),
              ),
              failover: listOf(some({ from: spoilt(name), to: spoilt(name) })),
              failoverPriority: listOf(name),
            }),
          ),
        }),
      ),
    }),
  ),
});

const grant = some({
  from: listOf(
    fc.constant({
      group: 'gateway.networking.k8s.io',
      kind: 'HTTPRoute',
      namespace: 'one',
    }),
  ),
  to: listOf(some({ group: fc.constant(''), kind: fc.constant('Service') })),
});

const SPECS: [apiVersion: string, kind: string, spec: fc.Arbitrary<unknown>][] =
  [
    ['networking.istio.io/v1', 'VirtualService', virtualService],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute', gatewayRoute],
    ['gateway.networking.k8s.io/v1', 'GRPCRoute', gatewayRoute],
    ['gateway.networking.k8s.io/v1', 'Gateway', kubernetesGateway],
    ['networking.istio.io/v1', 'Gateway', istioGateway],
    ['networking.istio.io/v1', 'Sidecar', sidecar],
    ['v1', 'Service', service],
    ['networking.istio.io/v1', 'DestinationRule', destinationRule],
    ['gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', grant],
  ];

const keyOf = ({ apiVersion, kind, metadata }: KubeObject) =>
  `${apiVersion} ${kind} ${metadata.namespace} ${metadata.name}`;

/** What routes are asked for, where nothing stranger of that name was made. */
const BASE: KubeObject[] = [
  ...['a', 'b'].map(serviceName => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: serviceName, namespace: 'one' },
    spec: { ports: [{ name: 'web', port: 80 }] },
  })),
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'a', namespace: 'one' },
    spec: {
      listeners: [80, 443].map(number => ({
        name: number === 80 ? 'a' : 'b',
        port: number,
        protocol: 'HTTP',
        allowedRoutes: { namespaces: { from: 'All' } },
      })),
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'b', namespace: 'one' },
    spec: { servers: [{ port: { number: 80 }, hosts: ['*'] }] },
  },
];

/** Objects that decide routes, their shape mostly right and here and there anything. */
export const routeObjects: fc.Arbitrary<KubeObject[]> = fc
  .uniqueArray(
    fc.oneof(
      ...SPECS.map(([apiVersion, kind, spec]) =>
        fc.record({
          apiVersion: fc.constant(apiVersion),
          kind: fc.constant(kind),
          metadata: fc.record({
            name,
            namespace: fc.constantFrom(...NAMESPACES),
            creationTimestamp: fc.constantFrom(
              '2026-01-01T00:00:00Z',
              '2026-02-01T00:00:00Z',
              'once',
            ),
          }),
          spec: spoilt(spec),
        }),
      ),
    ) as fc.Arbitrary<KubeObject>,
    { maxLength: 10, selector: keyOf },
  )
  .map(made => {
    const known = new Set(made.map(keyOf));
    return [...BASE.filter(object => !known.has(keyOf(object))), ...made];
  });
