import fc from 'fast-check';
import { junk } from './arbitrary';
import {
  NAMESPACES,
  duration,
  host,
  listOf,
  name,
  optional,
  optionalList,
  port,
  some,
  spoilt,
  weight,
} from './routeParts';

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

export const gatewayRoute = some({
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

export const kubernetesGateway = some({
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

export const grant = some({
  from: listOf(
    fc.constant({
      group: 'gateway.networking.k8s.io',
      kind: 'HTTPRoute',
      namespace: 'one',
    }),
  ),
  to: listOf(some({ group: fc.constant(''), kind: fc.constant('Service') })),
});
