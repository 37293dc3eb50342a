import { serviceHost, serviceOfHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { fieldsOf, isMap, itemsOf, ownField } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import { destinationRulesFor, type Subset } from './destinationRules';
import { isServiceExported, meshHostOf } from './MeshHost';
import type { RequestOrigin, RouteDestination } from './types';
import { viewerOf } from './viewerOf';
import { hostsOf } from './virtualServices';

/** What a rule says of one of its destinations. */
export interface DestinationTarget {
  /** Fully qualified. */
  host: string;
  share: number;
  subset?: string;
  port?: number;
  weight?: number;
}

/** A destination with the Service and the pods that stand behind it. */
export function toDestination(
  set: MeshObjects,
  target: DestinationTarget,
  from: RequestOrigin,
): RouteDestination {
  const service = aliasedService(set, target.host);
  if (!service) {
    return toEntry(set, target, from);
  }
  const namespace = namespaceOf(service);
  const name = service.metadata.name;
  const viewer = viewerOf(set, from);
  if (!isServiceExported(set, service, viewer.namespace)) {
    const why = `Service ${namespace}/${name} is not exported to ${viewer.namespace}`;
    return {
      ...target,
      workloads: [],
      state: 'no-such-service',
      refused: { status: 503, why },
    };
  }
  const behind = workloadsOf(set, namespace, name);
  const named = {
    ...target,
    ...(target.port === undefined && hasSeveralPorts(service)
      ? { portNotNamed: true }
      : {}),
    service: { namespace, name },
  };
  const subset = subsetOf(set, target, from, {
    host: serviceHost(namespace, name, set.meshConfig.domain),
    namespace,
  });
  if (subset === 'missing') {
    return { ...named, workloads: [], state: 'no-such-subset' };
  }
  const selected = subset
    ? behind.filter(workload => selects(subset.labels, workload.labels))
    : behind;
  const isUsable =
    hasReadyPods(selected) || hasOwnEndpoints(set, service, subset?.labels);
  return {
    ...named,
    workloads: selected,
    state: isUsable ? 'ok' : 'no-pods',
  };
}

/** Behind a ServiceEntry are pods only where it selects them. */
function toEntry(
  set: MeshObjects,
  target: DestinationTarget,
  from: RequestOrigin,
): RouteDestination {
  const { host } = target;
  const known = meshHostOf(set, host, viewerOf(set, from).namespace);
  // A cluster has the name that is written in the entry, with its wildcard.
  const isNamed = hostsOf(set, known?.object).some(
    name => name.toLowerCase() === host.toLowerCase(),
  );
  if (!known?.isExported || !isNamed) {
    return { ...target, workloads: [], state: 'no-such-service' };
  }
  const namespace = namespaceOf(known.object);
  const subset = subsetOf(set, target, from, { host, namespace });
  return {
    ...target,
    workloads: [],
    state: subset === 'missing' ? 'no-such-subset' : 'ok',
  };
}

/** The subset that is asked for, if any. */
function subsetOf(
  set: MeshObjects,
  { subset }: DestinationTarget,
  from: RequestOrigin,
  service: { host: string; namespace: string },
): Subset | 'missing' | undefined {
  if (subset === undefined || subset === '') {
    return undefined;
  }
  const viewer = viewerOf(set, from);
  const { subsets } = destinationRulesFor(set, service.host, {
    clientNamespace: viewer.namespace,
    clientLabels: viewer.labels,
    serviceNamespace: service.namespace,
  });
  return subsets.find(({ name }) => name === subset) ?? 'missing';
}

/**
 * The Service that a host names; an ExternalName is another name for a host of the mesh.
 * Source: istio pilot/pkg/networking/core/route/route.go, GetDestinationCluster.
 */
export function aliasedService(
  set: MeshObjects,
  host: string,
): KubeObject | undefined {
  const service = serviceOfHost(set, host);
  const { type, externalName } = service?.spec ?? {};
  return type === 'ExternalName' && typeof externalName === 'string'
    ? serviceOfHost(set, externalName) ?? service
    : service;
}

/** A Service without a selector has the endpoints that somebody else writes; where none are known it may have some. */
function hasOwnEndpoints(
  set: MeshObjects,
  service: KubeObject,
  labels: Record<string, string> | undefined,
): boolean {
  const { selector, type } = service.spec ?? {};
  const isSelecting = isMap(selector) && Object.keys(selector).length > 0;
  if (isSelecting || type === 'ExternalName' || fieldsOf(labels).length > 0) {
    return false;
  }
  if (set.all('EndpointSlice').length === 0) {
    return true;
  }
  return set
    .inNamespace('EndpointSlice', namespaceOf(service))
    .filter(
      ({ metadata }) =>
        metadata.labels?.['kubernetes.io/service-name'] ===
        service.metadata.name,
    )
    .flatMap(slice => itemsOf(ownField(slice, 'endpoints')))
    .some(endpoint => endpoint?.conditions?.ready !== false);
}

function hasSeveralPorts(service: KubeObject): boolean {
  return itemsOf(service.spec?.ports).length > 1;
}

function hasReadyPods(workloads: RouteDestination['workloads']): boolean {
  return workloads.some(workload => workload.readyPods > 0);
}
