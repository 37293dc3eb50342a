import { KubeObject } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { ownField } from '../kube/reading';
import {
  entryFor,
  getsShare,
  localityOf,
  localityRouting,
} from '../routes/localityRouting';
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

/** Which pods of a destination are asked. */
export interface NearPods {
  isNear(pod: KubeObject): boolean;
  /** Why nobody is, wherever that may be so: of several pods of a caller each has a place of its own. */
  whyNobody?: string;
}

const ANYBODY: NearPods = { isNear: () => true };

/**
 * Which pods of a destination a caller’s proxy asks while all are healthy: those that are nearest to it, where that counts. Fixed
 * shares leave nobody else, so where no pod is in a place that has one, nobody is asked.
 * Source: istio pilot/pkg/networking/core/loadbalancer/loadbalancer.go, ApplyLocalityLoadBalancer and applyLocalityWeights.
 */
export function nearPods(
  set: MeshObjects,
  call: Call,
  { host, service, subset, workloads }: RouteDestination,
  port: number,
): NearPods {
  const caller = call.gateway?.workload ?? call.from;
  if (!service) {
    return ANYBODY;
  }
  const routing = localityRouting(set, {
    namespace: service.namespace,
    service: service.name,
    ...{ subset, port },
    clientNamespace: caller.namespace,
    clientLabels: caller.labels,
  });
  const { mode, failover, failoverPriority } = routing;
  const from = caller.pods.map(pod => placeOf(set, pod));
  if (from.length === 0 || mode === 'off') {
    return ANYBODY;
  }
  const ready = workloads.flatMap(({ pods }) => pods).filter(isReady);
  if (mode === 'distribute') {
    const served = from.map(({ locality }) => {
      const entry = entryFor(routing, locality);
      return {
        locality,
        pods: ready.filter(
          pod => !entry || getsShare(entry, localityOf(set, pod)),
        ),
      };
    });
    const near = new Set(served.flatMap(({ pods }) => pods));
    const lost = served.find(({ pods }) => pods.length === 0);
    return {
      isNear: pod => near.has(pod),
      whyNobody:
        lost && ready.length > 0
          ? `no pod of ${host} is where requests from ${lost.locality} go`
          : undefined,
    };
  }
  if (routing.lacksOutlierDetection) {
    return ANYBODY;
  }
  const isPlaceMinded =
    mode === 'zoneAware' ||
    failoverPriority.length === 0 ||
    failover.length > 0;
  const apart = mode === 'zoneAware' ? regionsApart : remoteness;
  const distance = (one: Place, other: Place): number[] => [
    disagreement(one, other, failoverPriority),
    ...(isPlaceMinded ? [apart(one, other, failover)] : []),
  ];
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
  return { isNear: pod => near.has(pod) };
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

/**
 * The caller's region, the one that is named to follow it, any other: within a region all zones may be asked.
 * Source: same, applyZoneAwareRegionalFailover.
 */
function regionsApart(
  one: Place,
  other: Place,
  failover: readonly { from: string; to: string }[],
): number {
  const [own, others] = [
    one.locality.split('/')[0],
    other.locality.split('/')[0],
  ];
  if (own === others) {
    return 0;
  }
  return failover.find(({ from }) => from === own)?.to === others ? 1 : 2;
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((one, index) => one - b[index]).find(Boolean) ?? 0;
}
