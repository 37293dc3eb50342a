import { percent } from './describeRule';
import { describeRef } from '../kube/KubeObject';
import {
  getsShare,
  type LocalityRouting,
  type LocalityShares,
} from './localityRouting';

const UNSERVED = ' No ready pod is there, so these requests fail with 503.';

/** Where requests go by the caller's place, in sentences: "From a/x/*: 80 % go to a/x/*, 20 % to a/y/*." @public */
export function describeLocality(routing: LocalityRouting): string[] {
  const { mode, source, distribute, failover, failoverPriority } = routing;
  const by = source ? describeRef(source.object) : 'MeshConfig';
  if (mode === 'off') {
    return [`It does not matter where pods are: ${by} switches that off.`];
  }
  if (mode === 'distribute') {
    return [
      ...distribute.map(
        entry =>
          `From ${entry.from}: ${
            entry.to
              .map(
                ({ locality, share }, index) =>
                  `${percent(share)}${index === 0 ? ' go' : ''} to ${locality}`,
              )
              .join(', ') || 'nothing goes anywhere'
          }.${isUnserved(entry, routing) ? UNSERVED : ''}`,
      ),
      'From anywhere else: to all pods alike.',
    ];
  }
  if (routing.lacksOutlierDetection) {
    return [
      'Failover needs outlier detection, which is not set: requests go to all pods alike, wherever they are.',
    ];
  }
  const stays =
    mode === 'zoneAware'
      ? 'Requests stay in the caller’s region while enough of its pods are healthy, and in its zone as far as that has enough pods and the caller’s proxy runs with ISTIO_META_ENABLE_SELF_DISCOVERY.'
      : 'Requests stay in the caller’s zone while enough of its pods are healthy, then go to its region, then elsewhere.';
  const agree = `Pods that agree with the caller in ${failoverPriority.join(
    ', then in ',
  )} are asked first, the others when too few of those are healthy.`;
  return [
    ...(failoverPriority.length > 0 ? [agree] : []),
    ...(failoverPriority.length === 0 || mode === 'zoneAware' ? [stays] : []),
    ...failover.map(
      ({ from, to }) => `From region ${from} they go to region ${to} next.`,
    ),
  ];
}

/** What pods elsewhere do not make up for; of a pod whose place is not known nothing is said. */
function isUnserved(
  entry: LocalityShares,
  { places }: LocalityRouting,
): boolean {
  const ready = places.filter(({ readyPods }) => readyPods > 0);
  return (
    ready.length > 0 &&
    ready.every(
      ({ locality }) => locality !== 'unknown' && !getsShare(entry, locality),
    )
  );
}
