import { hostCovers, serviceOfHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf, textsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import { destinationRulesFor } from './destinationRules';
import type { RequestOrigin, RouteDestination } from './types';

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
  const service = serviceOfHost(set, target.host);
  if (!service) {
    const isKnown = isEntryHost(set, target.host);
    return {
      ...target,
      workloads: [],
      state: isKnown ? 'ok' : 'no-such-service',
    };
  }
  const namespace = namespaceOf(service);
  const name = service.metadata.name;
  const behind = workloadsOf(set, namespace, name);
  const named = {
    ...target,
    ...(target.port === undefined && hasSeveralPorts(service)
      ? { portNotNamed: true }
      : {}),
    service: { namespace, name },
  };
  if (target.subset === undefined) {
    return { ...named, workloads: behind, state: stateOf(behind) };
  }
  const subset = destinationRulesFor(set, target.host, {
    clientNamespace: clientNamespaceOf(from),
    serviceNamespace: namespace,
  }).subsets.find(candidate => candidate.name === target.subset);
  if (!subset) {
    return { ...named, workloads: [], state: 'no-such-subset' };
  }
  const selected = behind.filter(workload =>
    selects(subset.labels, workload.labels),
  );
  return { ...named, workloads: selected, state: stateOf(selected) };
}

/** The namespace whose DestinationRules and grants an origin meets. */
export function clientNamespaceOf(from: RequestOrigin): string {
  return from.type === 'mesh' ? from.namespace : from.gateway.split('/')[0];
}

/** Whether a ServiceEntry has the host. */
export function isEntryHost(set: MeshObjects, host: string): boolean {
  const { exact, wildcards } = set.derive(entryHosts);
  return (
    exact.has(host.toLowerCase()) ||
    wildcards.some(pattern => hostCovers(pattern, host))
  );
}

function entryHosts(set: MeshObjects) {
  const hosts = set
    .all('ServiceEntry')
    .flatMap(({ spec }) => textsOf(spec?.hosts))
    .map(host => host.toLowerCase());
  return {
    exact: new Set(hosts),
    wildcards: hosts.filter(host => host.startsWith('*')),
  };
}

function hasSeveralPorts(service: KubeObject): boolean {
  return itemsOf(service.spec?.ports).length > 1;
}

function stateOf(
  workloads: RouteDestination['workloads'],
): RouteDestination['state'] {
  return workloads.some(workload => workload.readyPods > 0) ? 'ok' : 'no-pods';
}
