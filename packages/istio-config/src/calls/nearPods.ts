import { KubeObject } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { ownField } from '../kube/reading';
import { localityOf, localityRouting } from '../routes/localityRouting';
import type { RouteDestination } from '../routes/types';
import { isReady } from '../workloads/podReadiness';
import type { Call } from './types';

const TOPOLOGY = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];
const NODE = 'kubernetes.io/hostname';
const PLACE_FROM_AFAR = 3;
const PLACE_OF_NO_FAILOVER = 4;

/**
 * Which pods of a destination a caller’s proxy asks while all are healthy: those that are nearest to it, where that counts.
 * Source: istio pilot/pkg/networking/core/loadbalancer/loadbalancer.go, ApplyLocalityLoadBalancer.
 */
export function nearPods(
  set: MeshObjects,
  call: Call,
  { service, subset, workloads }: RouteDestination,
  port: number,
): (pod: KubeObject) => boolean {
  const caller = call.gateway?.workload ?? call.from;
  if (!service) {
    return () => true;
  }
  const routing = localityRouting(set, {
    namespace: service.namespace,
    service: service.name,
    ...{ subset, port },
    clientNamespace: caller.namespace,
    clientLabels: caller.labels,
  });
  const { mode, failover, failoverPriority, distribute } = routing;
  const from = caller.pods.map(pod => placeOf(set, pod));
  if (from.length === 0 || mode === 'off') {
    return () => true;
  }
  if (mode === 'distribute') {
    return pod => {
      const place = localityOf(set, pod);
      return from.some(({ locality }) => {
        const entry = distribute.find(one => isWithin(locality, one.from));
        const found = entry?.to.find(one => isWithin(place, one.locality));
        return !entry || (found?.share ?? 0) > 0;
      });
    };
  }
  if (routing.lacksOutlierDetection) {
    return () => true;
  }
  const distance = (one: Place, other: Place): number[] => [
    disagreement(one, other, failoverPriority),
    ...(failoverPriority.length === 0 || failover.length > 0
      ? [remoteness(one, other, failover)]
      : []),
  ];
  const ready = workloads.flatMap(({ pods }) => pods).filter(isReady);
  const near = new Set(
    from.flatMap(one => {
      const ranked = ready
        .map(pod => ({ pod, far: distance(one, placeOf(set, pod)) }))
        .sort((a, b) => compare(a.far, b.far));
      return ranked
        .filter(({ far }) => compare(far, ranked[0].far) === 0)
        .map(({ pod }) => pod);
    }),
  );
  return pod => near.has(pod);
}

/** Where a pod runs, with the labels that tell it. */
interface Place {
  locality: string;
  labels: Record<string, string>;
}

function placeOf(set: MeshObjects, pod: KubeObject): Place {
  const locality = localityOf(set, pod);
  const parts = locality === 'unknown' ? [] : locality.split('/');
  return {
    locality,
    labels: {
      ...pod.metadata.labels,
      ...Object.fromEntries(
        parts.map((part, index) => [TOPOLOGY[index], part]),
      ),
      [NODE]: String(ownField(pod.spec, 'nodeName') ?? ''),
    },
  };
}

/** How many labels are left where caller and pod stop to agree; a label may say which value it wants. */
function disagreement(
  one: Place,
  other: Place,
  labels: readonly string[],
): number {
  const at = labels.findIndex(label => {
    const [name, wanted] = label.split('=');
    return (wanted ?? one.labels[name]) !== other.labels[name];
  });
  return at < 0 ? 0 : labels.length - at;
}

/** Same subzone, zone, region, or none; a region that another was named for comes last. */
function remoteness(
  one: Place,
  other: Place,
  failover: readonly { from: string; to: string }[],
): number {
  const [own, others] = [one.locality.split('/'), other.locality.split('/')];
  const same = TOPOLOGY.findIndex(
    (_, index) => (own[index] ?? '') !== (others[index] ?? ''),
  );
  const far = same < 0 ? 0 : TOPOLOGY.length - same;
  const named = failover.find(({ from }) => from === own[0]);
  return far === PLACE_FROM_AFAR && named && named.to !== others[0]
    ? PLACE_OF_NO_FAILOVER
    : far;
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((one, index) => one - b[index]).find(Boolean) ?? 0;
}

/** `region/zone/subzone` within a pattern of that kind, its end left out or `*`. */
function isWithin(locality: string, pattern: string): boolean {
  const parts = locality.split('/');
  return pattern
    .split('/')
    .every((part, index) => part === '*' || part === (parts[index] ?? ''));
}
