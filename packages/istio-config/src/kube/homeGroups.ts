/**
 * The API group that a kind belongs to where its bare name is used. Two groups have a `Gateway`, and others reuse names
 * such as `Service`: those of any other group are filed under `Kind.group`.
 */
const HOME_GROUPS = new Map<string, string>([
  ...[
    'ConfigMap',
    'Endpoints',
    'Namespace',
    'Node',
    'Pod',
    'Secret',
    'Service',
    'ServiceAccount',
  ].map((kind): [string, string] => [kind, '']),
  ...['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map(
    (kind): [string, string] => [kind, 'apps'],
  ),
  ...[
    'DestinationRule',
    'EnvoyFilter',
    'Gateway',
    'ServiceEntry',
    'Sidecar',
    'VirtualService',
    'WorkloadEntry',
    'WorkloadGroup',
  ].map((kind): [string, string] => [kind, 'networking.istio.io']),
  ...['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'].map(
    (kind): [string, string] => [kind, 'security.istio.io'],
  ),
  ['Telemetry', 'telemetry.istio.io'],
]);

/** The Gateway API's Gateway, as a {@link MeshObjects} files it. @public */
export const KUBERNETES_GATEWAY = 'Gateway.gateway.networking.k8s.io';

/** The name under which a {@link MeshObjects} files an object. @public */
export function filedKind(object: { apiVersion: string; kind: string }) {
  const home = HOME_GROUPS.get(object.kind);
  if (home === undefined) {
    return object.kind;
  }
  const slash = object.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : object.apiVersion.slice(0, slash);
  return group === home || group === ''
    ? object.kind
    : `${object.kind}.${group}`;
}
