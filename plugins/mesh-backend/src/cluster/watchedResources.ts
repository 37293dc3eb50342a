import { InputError } from '@backstage/errors';
import { filedKind } from '@meshdeck/istio-config';
import {
  isApiVersion,
  isDnsLabel,
  isObjectName,
} from '@meshdeck/plugin-mesh-common';

/** A resource that the store follows. */
export interface WatchedResource {
  kind: string;
  /** The kind as the set files it: two API groups have a Gateway. */
  filedAs: string;
  /** Group and version, most wanted first: the first one that the cluster serves is followed. */
  groupVersions: readonly string[];
  plural: string;
  /**
   * Whether the cluster counts as unread without it; see {@link ESSENTIAL}. Any other kind that cannot be read costs what it
   * says itself and the changes that need it.
   */
  isEssential: boolean;
}

/** The kinds without which a page would say something false, rather than less, and why. */
export const ESSENTIAL: Readonly<Record<string, string>> = {
  Namespace: 'says what is in the mesh, and whose it is',
  Service: 'is what a page is about',
  Pod: 'without its pods a service would seem to be outside the mesh',
  Deployment: 'says which versions there are, also without pods',
  VirtualService: 'requests would seem to go where they do not',
  DestinationRule: 'versions would seem to be missing',
  PeerAuthentication: 'what is closed would seem to be open',
  AuthorizationPolicy: 'what is closed would seem to be open',
};

const NETWORKING = [
  'networking.istio.io/v1',
  'networking.istio.io/v1beta1',
  'networking.istio.io/v1alpha3',
];
const SECURITY = ['security.istio.io/v1', 'security.istio.io/v1beta1'];

const GATEWAY_API = [
  'gateway.networking.k8s.io/v1',
  'gateway.networking.k8s.io/v1beta1',
];

function resource(
  kind: string,
  plural: string,
  groupVersions: readonly string[],
): WatchedResource {
  const filedAs = filedKind({ apiVersion: groupVersions[0], kind });
  const isEssential = Object.hasOwn(ESSENTIAL, filedAs);
  return { kind, filedAs, plural, groupVersions, isEssential };
}

/** What a cluster's store holds, as far as the cluster serves it and the portal may read it. */
export const WATCHED_RESOURCES: readonly WatchedResource[] = [
  resource('Namespace', 'namespaces', ['v1']),
  resource('Service', 'services', ['v1']),
  resource('Pod', 'pods', ['v1']),
  resource('ServiceAccount', 'serviceaccounts', ['v1']),
  resource('ConfigMap', 'configmaps', ['v1']),
  resource('Deployment', 'deployments', ['apps/v1']),
  resource('StatefulSet', 'statefulsets', ['apps/v1']),
  resource('DaemonSet', 'daemonsets', ['apps/v1']),
  resource('ReplicaSet', 'replicasets', ['apps/v1']),
  resource('VirtualService', 'virtualservices', NETWORKING),
  resource('DestinationRule', 'destinationrules', NETWORKING),
  resource('Gateway', 'gateways', NETWORKING),
  resource('ServiceEntry', 'serviceentries', NETWORKING),
  resource('WorkloadEntry', 'workloadentries', NETWORKING),
  resource('WorkloadGroup', 'workloadgroups', NETWORKING),
  resource('Sidecar', 'sidecars', NETWORKING),
  resource('EnvoyFilter', 'envoyfilters', ['networking.istio.io/v1alpha3']),
  resource('PeerAuthentication', 'peerauthentications', SECURITY),
  resource('AuthorizationPolicy', 'authorizationpolicies', SECURITY),
  resource('RequestAuthentication', 'requestauthentications', SECURITY),
  resource('Telemetry', 'telemetries', [
    'telemetry.istio.io/v1',
    'telemetry.istio.io/v1alpha1',
  ]),
  resource('WasmPlugin', 'wasmplugins', ['extensions.istio.io/v1alpha1']),
  resource('GatewayClass', 'gatewayclasses', GATEWAY_API),
  resource('Gateway', 'gateways', GATEWAY_API),
  resource('HTTPRoute', 'httproutes', GATEWAY_API),
  resource('GRPCRoute', 'grpcroutes', GATEWAY_API),
  resource('TLSRoute', 'tlsroutes', [
    'gateway.networking.k8s.io/v1',
    'gateway.networking.k8s.io/v1alpha3',
    'gateway.networking.k8s.io/v1alpha2',
  ]),
  resource('TCPRoute', 'tcproutes', [
    'gateway.networking.k8s.io/v1',
    'gateway.networking.k8s.io/v1alpha2',
  ]),
  resource('ReferenceGrant', 'referencegrants', [
    'gateway.networking.k8s.io/v1',
    'gateway.networking.k8s.io/v1beta1',
  ]),
  resource('Rollout', 'rollouts', ['argoproj.io/v1alpha1']),
  resource('Canary', 'canaries', ['flagger.app/v1beta1']),
  resource('AnalysisRun', 'analysisruns', ['argoproj.io/v1alpha1']),
];

/** The collection's path in a group and version. */
export function collectionPath(groupVersion: string, plural: string): string {
  return groupVersion === 'v1'
    ? `/api/v1/${plural}`
    : `/apis/${groupVersion}/${plural}`;
}

/**
 * An object's path.
 * @throws InputError for a name that Kubernetes would not take: encoded or not, a slash leads to a part of an object.
 */
export function objectPath(
  ref: { apiVersion: string; namespace?: string; name: string },
  plural: string,
): string {
  if (!isObjectName(ref.name)) {
    throw invalidRef(ref, plural);
  }
  return `${namespacePath(ref, plural)}/${ref.name}`;
}

/** The path of all objects of a kind in a namespace. @throws InputError, as {@link objectPath}. */
export function namespacePath(
  ref: { apiVersion: string; namespace?: string; name?: string },
  plural: string,
): string {
  const { apiVersion, namespace } = ref;
  if (
    !isApiVersion(apiVersion) ||
    (namespace !== undefined && !isDnsLabel(namespace))
  ) {
    throw invalidRef(ref, plural);
  }
  return collectionPath(
    apiVersion,
    namespace === undefined ? plural : `namespaces/${namespace}/${plural}`,
  );
}

function invalidRef(
  ref: { apiVersion: string; namespace?: string; name?: string },
  plural: string,
): InputError {
  const place = [ref.namespace, ref.name].filter(part => part !== undefined);
  return new InputError(
    `${ref.apiVersion} ${plural} ${place.join(
      '/',
    )} names nothing that Kubernetes can have. Nothing was asked of the cluster.`,
  );
}

/** Only Istio's own ConfigMap is read. */
export function fieldSelectorOf(watched: WatchedResource): string | undefined {
  return watched.kind === 'ConfigMap' ? 'metadata.name=istio' : undefined;
}
