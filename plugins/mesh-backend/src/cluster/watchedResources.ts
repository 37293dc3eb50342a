/** A resource that the store follows. */
export interface WatchedResource {
  kind: string;
  /** Group and version, most wanted first: the first one that the cluster serves is followed. */
  groupVersions: readonly string[];
  plural: string;
  /** Where the views cannot say anything without it. */
  needed: boolean;
}

const NETWORKING = [
  'networking.istio.io/v1',
  'networking.istio.io/v1beta1',
  'networking.istio.io/v1alpha3',
];
const SECURITY = ['security.istio.io/v1', 'security.istio.io/v1beta1'];

function resource(
  kind: string,
  plural: string,
  groupVersions: readonly string[],
  needed = false,
): WatchedResource {
  return { kind, plural, groupVersions, needed };
}

/** What a cluster's store holds. */
export const WATCHED_RESOURCES: readonly WatchedResource[] = [
  resource('Namespace', 'namespaces', ['v1'], true),
  resource('Service', 'services', ['v1'], true),
  resource('Pod', 'pods', ['v1'], true),
  resource('Deployment', 'deployments', ['apps/v1'], true),
  resource('StatefulSet', 'statefulsets', ['apps/v1']),
  resource('DaemonSet', 'daemonsets', ['apps/v1']),
  resource('ReplicaSet', 'replicasets', ['apps/v1']),
  resource('ConfigMap', 'configmaps', ['v1']),
  resource('VirtualService', 'virtualservices', NETWORKING, true),
  resource('DestinationRule', 'destinationrules', NETWORKING, true),
  resource('Gateway', 'gateways', NETWORKING),
  resource('ServiceEntry', 'serviceentries', NETWORKING),
  resource('Sidecar', 'sidecars', NETWORKING),
  resource('PeerAuthentication', 'peerauthentications', SECURITY, true),
  resource('AuthorizationPolicy', 'authorizationpolicies', SECURITY, true),
  resource('RequestAuthentication', 'requestauthentications', SECURITY),
];

/** The collection's path in a group and version. */
export function collectionPath(groupVersion: string, plural: string): string {
  return groupVersion === 'v1'
    ? `/api/v1/${plural}`
    : `/apis/${groupVersion}/${plural}`;
}

/** An object's path; its parts are encoded. */
export function objectPath(
  ref: { apiVersion: string; namespace?: string; name: string },
  plural: string,
): string {
  const root = ref.apiVersion === 'v1' ? '/api/v1' : `/apis/${ref.apiVersion}`;
  const place = ref.namespace
    ? `/namespaces/${encodeURIComponent(ref.namespace)}`
    : '';
  return `${root}${place}/${plural}/${encodeURIComponent(ref.name)}`;
}

/** Only Istio's own ConfigMap is read. */
export function fieldSelectorOf(watched: WatchedResource): string | undefined {
  return watched.kind === 'ConfigMap' ? 'metadata.name=istio' : undefined;
}
