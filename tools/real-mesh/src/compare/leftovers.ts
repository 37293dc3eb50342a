import type { AnyObject } from '../KubeApi';
import type { MeshHandle } from '../MeshHandle';
import { service } from '../testMesh';
import { NEAR, ONE, OWN_NAMESPACES } from './places';

/** An apiVersion and a kind of it. */
export type ServedKind = readonly [apiVersion: string, kind: string];

/** Kinds that stay as they are while configurations come and go. */
const STANDING: readonly ServedKind[] = [
  ['v1', 'Namespace'],
  ['v1', 'Node'],
  ['v1', 'Service'],
  ['v1', 'Pod'],
  ['v1', 'ServiceAccount'],
  ['v1', 'ConfigMap'],
  ['apps/v1', 'Deployment'],
  ['discovery.k8s.io/v1', 'EndpointSlice'],
  // Those of the marks, and the gateway for them.
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'Gateway'],
];
/** Kinds of which nothing is left of an earlier run. */
const COMING_AND_GOING: readonly ServedKind[] = [
  ...[
    'VirtualService',
    'DestinationRule',
    'ServiceEntry',
    'Sidecar',
    'Gateway',
  ].map((kind): ServedKind => ['networking.istio.io/v1', kind]),
  ...['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'].map(
    (kind): ServedKind => ['security.istio.io/v1', kind],
  ),
  ...['Gateway', 'HTTPRoute', 'GRPCRoute'].map(
    (kind): ServedKind => ['gateway.networking.k8s.io/v1', kind],
  ),
  ['gateway.networking.k8s.io/v1', 'TLSRoute'],
  ['gateway.networking.k8s.io/v1alpha2', 'TCPRoute'],
  ['gateway.networking.k8s.io/v1beta1', 'ReferenceGrant'],
];

/** Those kinds of configurations that the mesh has: the Gateway API's definitions cannot be had everywhere. */
export async function servedKinds({ api }: MeshHandle): Promise<ServedKind[]> {
  const served: ServedKind[] = [];
  for (const [apiVersion, kind] of COMING_AND_GOING) {
    if (await api.serves(apiVersion, kind)) {
      served.push([apiVersion, kind]);
    }
  }
  return served;
}

/** @param isShared - whether others have objects of their own in the mesh, which are to stay */
export async function removeLeftovers(
  mesh: MeshHandle,
  served: readonly ServedKind[],
  isShared: boolean,
): Promise<void> {
  const { api } = mesh;
  const listed = await Promise.all(
    served.map(([apiVersion, kind]) => api.list(apiVersion, kind)),
  );
  const left = listed
    .flat()
    .filter(
      ({ metadata }) =>
        !isShared || metadata.namespace?.startsWith(OWN_NAMESPACES),
    );
  await Promise.all(left.map(object => api.remove(object)));
  await api.remove(service(ONE, NEAR));
  const ending = (await api.list('v1', 'Namespace'))
    .filter(({ metadata }) => metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name)
    .filter(name => name.startsWith(OWN_NAMESPACES));
  await mesh.removeNamespaces(ending);
}

/** What stays while configurations come and go. */
export async function listStanding({ api }: MeshHandle): Promise<AnyObject[]> {
  const listed = await Promise.all(
    STANDING.map(([apiVersion, kind]) => api.list(apiVersion, kind)),
  );
  return listed.flat();
}
