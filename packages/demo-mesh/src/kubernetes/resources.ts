import type { KubeObject } from '@meshdeck/istio-config';

/** One kind the stand-in serves, in all versions of its group. */
export interface ResourceType {
  group: string;
  /** Served versions, the preferred one (in which objects are kept) first. */
  versions: readonly string[];
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames?: readonly string[];
  categories?: readonly string[];
  /** Built-in kinds have merge keys and strategic patches, custom ones atomic lists. */
  builtIn: boolean;
  /** Has the subresource `status`, so that the main path leaves the status alone. */
  status: boolean;
  scale: boolean;
  /** Counts `metadata.generation`. */
  generation: boolean;
}

type Traits = Partial<
  Omit<ResourceType, 'group' | 'versions' | 'plural' | 'kind'>
>;

function builtIn(
  group: string,
  plural: string,
  kind: string,
  traits: Traits = {},
): ResourceType {
  return {
    group,
    versions: ['v1'],
    plural,
    kind,
    singular: kind.toLowerCase(),
    namespaced: true,
    builtIn: true,
    status: false,
    scale: false,
    generation: group === 'apps',
    ...traits,
  };
}

function custom(
  group: string,
  versions: string[],
  plural: string,
  kind: string,
  traits: Traits = {},
): ResourceType {
  const istio = group.endsWith('.istio.io');
  return {
    group,
    versions,
    plural,
    kind,
    singular: kind.toLowerCase(),
    namespaced: true,
    builtIn: false,
    status: true,
    scale: false,
    generation: true,
    categories: istio
      ? ['istio-io', group.replaceAll('.', '-')]
      : traits.categories,
    ...traits,
  };
}

const all = { categories: ['all'] };
const workload = { ...all, status: true, scale: true };
const networking = ['v1', 'v1beta1', 'v1alpha3'];
const security = ['v1', 'v1beta1'];
const gatewayApi = ['v1', 'v1beta1'];

/** Every kind there is. What isn't here answers 404, as an API server without that definition does. */
export const resourceTypes: readonly ResourceType[] = [
  builtIn('', 'namespaces', 'Namespace', {
    namespaced: false,
    shortNames: ['ns'],
    status: true,
  }),
  builtIn('', 'nodes', 'Node', {
    namespaced: false,
    shortNames: ['no'],
    status: true,
  }),
  builtIn('', 'services', 'Service', {
    ...all,
    shortNames: ['svc'],
    status: true,
  }),
  builtIn('', 'pods', 'Pod', { ...all, shortNames: ['po'], status: true }),
  builtIn('', 'serviceaccounts', 'ServiceAccount', { shortNames: ['sa'] }),
  builtIn('', 'configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  builtIn('', 'secrets', 'Secret'),
  builtIn('', 'endpoints', 'Endpoints', { shortNames: ['ep'] }),
  builtIn('', 'events', 'Event', { shortNames: ['ev'] }),

  builtIn('apps', 'deployments', 'Deployment', {
    ...workload,
    shortNames: ['deploy'],
  }),
  builtIn('apps', 'statefulsets', 'StatefulSet', {
    ...workload,
    shortNames: ['sts'],
  }),
  builtIn('apps', 'daemonsets', 'DaemonSet', {
    ...workload,
    scale: false,
    shortNames: ['ds'],
  }),
  builtIn('apps', 'replicasets', 'ReplicaSet', {
    ...workload,
    shortNames: ['rs'],
  }),
  builtIn('discovery.k8s.io', 'endpointslices', 'EndpointSlice', {
    generation: true,
  }),
  builtIn(
    'apiextensions.k8s.io',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    {
      namespaced: false,
      shortNames: ['crd', 'crds'],
      status: true,
      generation: true,
    },
  ),

  custom(
    'networking.istio.io',
    networking,
    'virtualservices',
    'VirtualService',
    { shortNames: ['vs'] },
  ),
  custom(
    'networking.istio.io',
    networking,
    'destinationrules',
    'DestinationRule',
    { shortNames: ['dr'] },
  ),
  custom('networking.istio.io', networking, 'gateways', 'Gateway', {
    shortNames: ['gw'],
  }),
  custom('networking.istio.io', networking, 'serviceentries', 'ServiceEntry', {
    shortNames: ['se'],
  }),
  custom('networking.istio.io', networking, 'sidecars', 'Sidecar'),
  custom(
    'networking.istio.io',
    networking,
    'workloadentries',
    'WorkloadEntry',
    { shortNames: ['we'] },
  ),
  custom('networking.istio.io', networking, 'workloadgroups', 'WorkloadGroup', {
    shortNames: ['wg'],
  }),
  custom('networking.istio.io', ['v1alpha3'], 'envoyfilters', 'EnvoyFilter'),
  custom('networking.istio.io', ['v1beta1'], 'proxyconfigs', 'ProxyConfig'),
  custom(
    'security.istio.io',
    security,
    'peerauthentications',
    'PeerAuthentication',
    { shortNames: ['pa'] },
  ),
  custom(
    'security.istio.io',
    security,
    'authorizationpolicies',
    'AuthorizationPolicy',
    { shortNames: ['ap'] },
  ),
  custom(
    'security.istio.io',
    security,
    'requestauthentications',
    'RequestAuthentication',
    { shortNames: ['ra'] },
  ),
  custom('telemetry.istio.io', ['v1', 'v1alpha1'], 'telemetries', 'Telemetry', {
    shortNames: ['telemetry'],
  }),
  custom('extensions.istio.io', ['v1alpha1'], 'wasmplugins', 'WasmPlugin'),

  custom(
    'gateway.networking.k8s.io',
    gatewayApi,
    'gatewayclasses',
    'GatewayClass',
    { namespaced: false, shortNames: ['gc'] },
  ),
  custom('gateway.networking.k8s.io', gatewayApi, 'gateways', 'Gateway', {
    shortNames: ['gtw'],
  }),
  custom('gateway.networking.k8s.io', gatewayApi, 'httproutes', 'HTTPRoute'),
  custom('gateway.networking.k8s.io', ['v1'], 'grpcroutes', 'GRPCRoute'),
  custom(
    'gateway.networking.k8s.io',
    ['v1beta1'],
    'referencegrants',
    'ReferenceGrant',
    { shortNames: ['refgrant'], status: false },
  ),

  custom('argoproj.io', ['v1alpha1'], 'applications', 'Application'),
  custom(
    'kustomize.toolkit.fluxcd.io',
    ['v1'],
    'kustomizations',
    'Kustomization',
  ),
  custom(
    'source.toolkit.fluxcd.io',
    ['v1'],
    'gitrepositories',
    'GitRepository',
  ),
  custom('flagger.app', ['v1beta1'], 'canaries', 'Canary'),
  custom('argoproj.io', ['v1alpha1'], 'rollouts', 'Rollout', {
    shortNames: ['ro'],
    scale: true,
  }),
  custom('argoproj.io', ['v1alpha1'], 'analysisruns', 'AnalysisRun', {
    shortNames: ['ar'],
  }),
];

/** The `apiVersion` of a kind in one of its versions; the preferred one where none is named. */
export function apiVersionOf(
  type: ResourceType,
  version: string = type.versions[0],
): string {
  return type.group ? `${type.group}/${version}` : version;
}

/** `virtualservices.networking.istio.io`: how error messages name a kind. */
export function qualifiedName(type: { group: string; plural: string }): string {
  return type.group ? `${type.plural}.${type.group}` : type.plural;
}

const byPath = new Map<string, ResourceType>();
const byKind = new Map<string, ResourceType>();
for (const type of resourceTypes) {
  for (const version of type.versions) {
    byPath.set(`${type.group}/${version}/${type.plural}`, type);
    byKind.set(`${apiVersionOf(type, version)}/${type.kind}`, type);
  }
}

export function findResource(
  group: string,
  version: string,
  plural: string,
): ResourceType | undefined {
  return byPath.get(`${group}/${version}/${plural}`);
}

export function findKind(
  apiVersion: unknown,
  kind: unknown,
): ResourceType | undefined {
  return byKind.get(`${apiVersion}/${kind}`);
}

/** The group part of an `apiVersion`, empty for the core kinds. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** The object as it is served in one version of its group. */
export function inVersion(object: KubeObject, apiVersion: string): KubeObject {
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}
