import fc from 'fast-check';
import type { Ask } from '../Trial';
import { ONE, PLAIN, TWO } from '../places';
import { KUBERNETES_PORT, named, object, routeBasics } from './gatewayApi';
import { headerFilters } from './headers';
import { TEXTS } from './requests';
import { sometimes } from './sometimes';

const SERVICES = ['shop.Orders', 'shop.Stock'];
const METHODS = ['Get', 'List'];

const method = fc.oneof(
  fc
    .tuple(fc.constantFrom(...SERVICES), fc.constantFrom(...METHODS))
    .map(([service, name]) => ({ service, method: name })),
  fc.constantFrom(...SERVICES).map(service => ({ service })),
  fc.constantFrom(...METHODS).map(name => ({ method: name })),
  fc.constantFrom(
    { type: 'RegularExpression', service: 'shop[.].*' },
    { type: 'RegularExpression', service: 'shop[.]O.*', method: '(Get|List)' },
    { type: 'RegularExpression', method: 'G.*' },
    { type: 'Exact', service: 'shop.Stock', method: 'List' },
  ),
);
const match = fc
  .record({
    method: sometimes(method, 1),
    headers: sometimes(named('x-one', 'X-Two'), 2),
  })
  .filter(one => Boolean(one.method ?? one.headers));

const backend = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'nobody'),
  namespace: sometimes(fc.constantFrom(ONE, TWO), 2),
  port: fc.constantFrom(7070, 7070, 80, 8000),
  weight: sometimes(fc.constantFrom(0, 1, 3), 3),
  filters: sometimes(headerFilters, 6),
});

/** Routes of gRPC for Services and for the gateway. */
export const grpcRoute = fc
  .record({
    ...routeBasics(7070, 80),
    // To istiod a name that an HTTPRoute has, too, is one object: docs/testing.md.
    name: fc.constantFrom('calls', 'more-calls'),
    rules: fc.array(
      fc.record({
        matches: sometimes(fc.array(match, { minLength: 1, maxLength: 2 }), 1),
        backendRefs: fc.array(backend, { maxLength: 2 }),
        filters: sometimes(headerFilters, 3),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ place, name, ...spec }) => object('GRPCRoute', place, name, spec));

const called = {
  protocol: fc.constant('grpc' as const),
  method: fc.constant('POST'),
  path: fc
    .tuple(
      fc.constantFrom(...SERVICES, 'other.Thing'),
      fc.constantFrom(...METHODS, 'Put'),
    )
    .map(([service, name]) => `/${service}/${name}`),
  headers: fc.dictionary(
    fc.constantFrom('x-one', 'x-two'),
    fc.constantFrom(...TEXTS),
    { maxKeys: 2 },
  ),
};

const inMesh = fc
  .constantFrom(`${ONE}/a`, `${ONE}/a`, `${ONE}/b`, `${TWO}/a`)
  .chain((to): fc.Arbitrary<Ask> => {
    const [place, name] = to.split('/');
    return fc.record({
      ...called,
      from: fc.constantFrom(
        ...[`${ONE}/client`, `${TWO}/client`, `${PLAIN}/client`],
      ),
      to: fc.constant(to),
      host: fc.constantFrom(
        `${name}.${place}`,
        `${name}.${place}.svc.cluster.local`,
      ),
      port: fc.constantFrom(7070, 7070, 80),
    });
  });

const atGateway: fc.Arbitrary<Ask> = fc.record({
  ...called,
  from: fc.constant(`${PLAIN}/client`),
  to: fc.constant(`${ONE}/a`),
  gateway: fc.constant('compare-edge/kube'),
  host: fc.constantFrom('a.example.com', 'b.example.com', 'a.compare-one'),
  port: fc.constant(KUBERNETES_PORT),
});

/** Calls of gRPC, in the mesh and at the Gateway API's gateway. */
export const grpcAsk: fc.Arbitrary<Ask> = fc.oneof(inMesh, atGateway);
