import fc from 'fast-check';
import type { AnyObject } from '../../KubeApi';
import type { Ask } from '../Trial';
import { EDGE, ONE, PLAIN, TWO } from '../places';
import { connectionAsk } from './connections';
import { kubernetesGateway, object } from './gatewayApi';
import { sometimes } from './sometimes';

const LISTENER_PORTS = { tcp: 9003, passedOn: 9444 };
const NAMES = [
  'a.example.com',
  'b.example.com',
  'a.compare-one.svc.cluster.local',
  'other.test',
];

const hostname = sometimes(
  fc.constantFrom('a.example.com', '*.example.com'),
  1,
);
const allowedRoutes = fc
  .constantFrom('All', 'All', 'Same')
  .map(from => ({ namespaces: { from } }));
const listeners = fc.tuple(
  allowedRoutes.map(allowed => ({
    name: 'tcp',
    port: LISTENER_PORTS.tcp,
    protocol: 'TCP',
    allowedRoutes: allowed,
  })),
  fc.tuple(hostname, allowedRoutes).map(([own, allowed]) => ({
    name: 'passed-on',
    port: LISTENER_PORTS.passedOn,
    protocol: 'TLS',
    hostname: own,
    tls: { mode: 'Passthrough' },
    allowedRoutes: allowed,
  })),
);

/** A Gateway of the Gateway API with listeners for connections. */
export const connectionGateways: fc.Arbitrary<AnyObject[]> = fc
  .tuple(kubernetesGateway, listeners)
  .map(([gateway, more]) => [
    {
      ...gateway,
      spec: {
        ...gateway.spec,
        listeners: [...gateway.spec.listeners, ...more],
      },
    },
  ]);

const parent = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('a', 'a', 'b'),
      sometimes(fc.constantFrom(9000, 9443), 2),
    )
    .map(([name, port]) => ({
      group: '',
      kind: 'Service',
      ...{ name, namespace: ONE, port },
    })),
  fc
    .tuple(sometimes(fc.constantFrom('tcp', 'passed-on'), 2))
    .map(([sectionName]) => ({ name: 'kube', namespace: EDGE, sectionName })),
);
const backend = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'nobody'),
  namespace: sometimes(fc.constantFrom(ONE, TWO), 2),
  port: fc.constantFrom(9000, 9000, 9443, 8000),
  weight: sometimes(fc.constantFrom(0, 1), 5),
});
const rules = fc
  .array(backend, { minLength: 1, maxLength: 2 })
  .map(backendRefs => [{ backendRefs }]);
const parentRefs = fc.uniqueArray(parent, {
  minLength: 1,
  maxLength: 2,
  selector: ({ name, namespace }) => `${namespace}/${name}`,
});
const place = fc.constantFrom(ONE, ONE, TWO, EDGE);

/** Routes of TCP, for Services and for the gateway. */
export const tcpRoute = fc
  .record({
    place,
    name: fc.constantFrom('first', 'second', 'first-too'),
    parentRefs,
    rules,
  })
  .map(({ place: where, name, ...spec }) =>
    object('TCPRoute', where, name, spec, 'v1alpha2'),
  );

/** Routes of TLS by the name in the greeting. */
export const tlsRoute = fc
  .record({
    place,
    name: fc.constantFrom('third', 'fourth', 'third-too'),
    parentRefs,
    hostnames: fc.constantFrom(
      ['a.example.com'],
      ['*.example.com'],
      ['a.compare-one.svc.cluster.local'],
      ['a.example.com', 'b.example.com'],
    ),
    rules,
  })
  .map(({ place: where, name, ...spec }) =>
    object('TLSRoute', where, name, spec),
  );

const atGateway: fc.Arbitrary<Ask> = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(LISTENER_PORTS.tcp, LISTENER_PORTS.passedOn),
  )
  .map(([host, port]) => ({
    protocol:
      port === LISTENER_PORTS.passedOn ? ('tls' as const) : ('tcp' as const),
    ...{ method: '', path: '', headers: {} },
    from: `${PLAIN}/client`,
    to: `${ONE}/a`,
    gateway: `${EDGE}/kube`,
    host,
    port,
  }));

/** Connections in the mesh, and at the Gateway API’s gateway. */
export const connectionKindAsk: fc.Arbitrary<Ask> = fc.oneof(
  connectionAsk.filter(({ gateway }) => gateway === undefined),
  atGateway,
);
