import { percent } from './describeRule';
import { describeRef } from '../kube/KubeObject';
import type { LocalityRouting } from './localityRouting';

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
        ({ from, to }) =>
          `From ${from}: ${
            to
              .map(
                ({ locality, share }, index) =>
                  `${percent(share)}${index === 0 ? ' go' : ''} to ${locality}`,
              )
              .join(', ') || 'nothing goes anywhere'
          }.`,
      ),
      'From anywhere else: to all pods alike.',
    ];
  }
  if (routing.lacksOutlierDetection) {
    return [
      'Failover needs outlier detection, which is not set: requests go to all pods alike, wherever they are.',
    ];
  }
  return [
    failoverPriority.length > 0
      ? `Pods that agree with the caller in ${failoverPriority.join(
          ', then in ',
        )} are asked first, the others when too few of those are healthy.`
      : 'Requests stay in the caller’s zone while enough of its pods are healthy, then go to its region, then elsewhere.',
    ...failover.map(
      ({ from, to }) => `From region ${from} they go to region ${to} next.`,
    ),
  ];
}
