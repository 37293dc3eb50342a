import fc from 'fast-check';
import type { KubeObject } from '../kube/KubeObject';
import { gatewayRoute, grant, kubernetesGateway } from './gatewayApiSpecs';
import {
  destinationRule,
  istioGateway,
  service,
  sidecar,
  virtualService,
} from './istioSpecs';
import { NAMESPACES, name, spoilt } from './routeParts';

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
