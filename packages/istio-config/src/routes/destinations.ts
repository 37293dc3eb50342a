import { serviceHost, serviceOfHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { fieldsOf, isMap, itemsOf, ownField } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import { destinationRulesFor, type Subset } from './destinationRules';
import { entryClusterOf, whyLeftOut } from './entryCluster';
import { hasEndpoints } from './entryEndpoints';
import { isLedTo } from './hasCluster';
import { isServiceExported, isServiceForNobody } from './MeshHost';
import { portNumbers } from './portProtocol';
import { listenerFor, sidecarScopeOf } from './sidecarScope';
import type { RequestOrigin, RouteDestination } from './types';
import { viewerOf } from './viewerOf';

/** What a rule says of one of its destinations. */
export interface DestinationTarget {
  /** Fully qualified. */
  host: string;
  share: number;
  subset?: string;
  port?: number;
  weight?: number;
}

/** A destination with the Service and the pods that stand behind it, for who asks on a port where that is known. */
export function toDestination(
  set: MeshObjects,
  written: DestinationTarget,
  from: RequestOrigin,
  asked?: number,
): RouteDestination {
  const target = withAliasedPort(set, written, from);
  const service = aliasedService(set, target.host, from, asked);
  if (!service) {
    return toEntry(set, target, from, asked);
  }
  const namespace = namespaceOf(service);
  const name = service.metadata.name;
  const viewer = viewerOf(set, from);
  const host = serviceHost(namespace, name, set.meshConfig.domain);
  const port = target.port ?? asked;
  const isForNobody = isServiceForNobody(service);
  if (
    isForNobody ||
    (!isServiceExported(set, service, viewer.namespace) &&
      !isLedTo(set, from, { host, namespace, port }))
  ) {
    const why = isForNobody
      ? `Service ${namespace}/${name} is exported to nobody, so the mesh knows none of its pods`
      : `Service ${namespace}/${name} is not exported to ${viewer.namespace}`;
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
    ...missingPort(service, target, from, asked),
  };
  const subset = subsetOf(set, target, from, { host, namespace });
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

/** A Service past the proxies: Kubernetes asks nobody whether it is exported. */
export function toServiceItself(
  set: MeshObjects,
  service: KubeObject,
): RouteDestination {
  const host = serviceHost(
    namespaceOf(service),
    service.metadata.name,
    set.meshConfig.domain,
  );
  const behind =
    aliasedService(set, host, { type: 'mesh', namespace: '' }, undefined) ??
    service;
  const [namespace, name] = [namespaceOf(behind), behind.metadata.name];
  const workloads = workloadsOf(set, namespace, name);
  const isUsable =
    hasReadyPods(workloads) || hasOwnEndpoints(set, behind, undefined);
  return {
    host,
    share: 1,
    service: { namespace, name },
    workloads,
    state: isUsable ? 'ok' : 'no-pods',
  };
}

/** Behind a ServiceEntry are pods only where it selects them. */
function toEntry(
  set: MeshObjects,
  target: DestinationTarget,
  from: RequestOrigin,
  asked: number | undefined,
): RouteDestination {
  const { host } = target;
  const entry = entryClusterOf(set, host, from);
  const why = whyLeftOut(set, host, from, target.port ?? asked);
  const leftOut = why ? { refused: { status: 503, why } } : {};
  if (!entry) {
    return { ...target, workloads: [], state: 'no-such-service', ...leftOut };
  }
  const namespace = namespaceOf(entry);
  const subset = subsetOf(set, target, from, { host, namespace });
  if (subset === 'missing') {
    return { ...target, workloads: [], state: 'no-such-subset' };
  }
  const missing = missingPort(entry, target, from, asked);
  const isReachable = hasEndpoints(set, entry, {
    host,
    port: target.port ?? asked,
    labels: subset?.labels,
  });
  return {
    ...target,
    workloads: [],
    state: isReachable ? 'ok' : 'no-pods',
    ...missing,
    ...(missing.refused ? leftOut : {}),
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
 * The Service that a host names; an ExternalName is another name for a host of the mesh. Sidecars know it so only on its own
 * ports, and where the listener for the port that is asked imports it. Source: istio pilot/pkg/networking/core/route/route.go,
 * GetDestinationCluster.
 */
function aliasedService(
  set: MeshObjects,
  host: string,
  from: RequestOrigin,
  asked: number | undefined,
): KubeObject | undefined {
  const service = serviceOfHost(set, host);
  const { type, externalName } = service?.spec ?? {};
  const isKnown =
    from.type === 'gateway' ||
    asked === undefined ||
    (portNumbers(service).includes(asked) &&
      isImported(set, service, from, asked));
  return type === 'ExternalName' && typeof externalName === 'string' && isKnown
    ? serviceOfHost(set, externalName) ?? service
    : service;
}

/** Whether the listener of the caller's Sidecar for a port brings a Service; what a rule of it leads to, it does not. */
function isImported(
  set: MeshObjects,
  service: KubeObject | undefined,
  from: Extract<RequestOrigin, { type: 'mesh' }>,
  asked: number,
): boolean {
  if (!service) {
    return false;
  }
  const namespace = namespaceOf(service);
  const host = serviceHost(
    namespace,
    service.metadata.name,
    set.meshConfig.domain,
  );
  return (
    listenerFor(sidecarScopeOf(set, from), {
      host,
      namespace,
      ports: [asked],
    }) !== undefined
  );
}

/** To a gateway the only port of an ExternalName is that of what it stands for, too. */
function withAliasedPort(
  set: MeshObjects,
  target: DestinationTarget,
  from: RequestOrigin,
): DestinationTarget {
  const service = serviceOfHost(set, target.host);
  const ports = portNumbers(service);
  return from.type === 'gateway' &&
    target.port === undefined &&
    service?.spec?.type === 'ExternalName' &&
    ports.length === 1
    ? { ...target, port: ports[0] }
    : target;
}

/**
 * Without a port of the destination's own it is the one that was asked; a gateway takes the only one of the Service.
 * Where the Service has no such port, nobody takes the requests.
 */
function missingPort(
  service: KubeObject,
  { host, port }: DestinationTarget,
  from: RequestOrigin,
  asked: number | undefined,
): Pick<RouteDestination, 'refused'> {
  const ports = portNumbers(service);
  const only =
    from.type === 'gateway' && ports.length === 1 ? ports[0] : undefined;
  const wanted = port ?? only ?? asked;
  return wanted === undefined || ports.length === 0 || ports.includes(wanted)
    ? {}
    : { refused: { status: 503, why: `${host} has no port ${wanted}` } };
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
