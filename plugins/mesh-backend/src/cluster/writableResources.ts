/** A kind that Meshdeck writes. */
export interface WritableResource {
  /** Its API group, whichever version the cluster serves; empty for Kubernetes' own. */
  group: string;
  kind: string;
  plural: string;
}

/**
 * All that Meshdeck may write: what changes of a service need, and what onboarding brings. What it watches is another list
 * (`watchedResources.ts`), and nothing gets from there to here by itself.
 */
export const WRITABLE_RESOURCES: readonly WritableResource[] = [
  {
    group: 'networking.istio.io',
    kind: 'VirtualService',
    plural: 'virtualservices',
  },
  {
    group: 'networking.istio.io',
    kind: 'DestinationRule',
    plural: 'destinationrules',
  },
  {
    group: 'security.istio.io',
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
  },
  {
    group: 'security.istio.io',
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
  },
  {
    group: 'gateway.networking.k8s.io',
    kind: 'HTTPRoute',
    plural: 'httproutes',
  },
  {
    group: 'gateway.networking.k8s.io',
    kind: 'GRPCRoute',
    plural: 'grpcroutes',
  },
  { group: '', kind: 'Service', plural: 'services' },
  { group: '', kind: 'ServiceAccount', plural: 'serviceaccounts' },
  { group: 'apps', kind: 'Deployment', plural: 'deployments' },
  { group: 'apps', kind: 'StatefulSet', plural: 'statefulsets' },
  { group: 'apps', kind: 'DaemonSet', plural: 'daemonsets' },
  { group: '', kind: 'Namespace', plural: 'namespaces' },
  { group: 'telemetry.istio.io', kind: 'Telemetry', plural: 'telemetries' },
];

/** Undefined for what Meshdeck does not write. */
export function writableResource(object: {
  apiVersion: string;
  kind: string;
}): WritableResource | undefined {
  const group = object.apiVersion.includes('/')
    ? object.apiVersion.slice(0, object.apiVersion.indexOf('/'))
    : '';
  return WRITABLE_RESOURCES.find(
    resource => resource.kind === object.kind && resource.group === group,
  );
}
