import type { KubeObject } from '../kube/KubeObject';
import { ownField } from '../kube/reading';
import type { HealthSign, ReplicaCounts } from './types';

/**
 * What a workload's pods say. A pod more than desired is a rolling update's, and no failure; none desired is idle.
 * Source for the order of the questions: kiali models/health_status.go, which takes the pod more for a failure.
 * @public
 */
export function replicaHealth(counts: ReplicaCounts): HealthSign {
  const { name, desired, current, available, updated } = counts;
  const sign = (status: HealthSign['status'], reason: string): HealthSign => ({
    about: 'replicas',
    status,
    reason: `${name}: ${reason}`,
  });
  if (desired === 0) {
    return current === 0
      ? sign('idle', 'scaled to zero')
      : sign('idle', `scaled to zero, ${pods(current)} still going`);
  }
  if (available === 0) {
    return sign('failing', `none of ${pods(desired)} is available`);
  }
  if (available < desired) {
    return sign('degraded', `${available} of ${pods(desired)} available`);
  }
  const isUpdating = updated !== undefined && updated < desired;
  if (current > desired + surgeOf(counts)) {
    return sign(
      'degraded',
      `${pods(current)} where ${desired} ${
        desired === 1 ? 'is' : 'are'
      } desired, more than an update may add`,
    );
  }
  if (isUpdating || current > desired) {
    return sign(
      'healthy',
      `an update is under way: ${
        desired === 1 ? 'the one is' : `all ${desired} are`
      } available, ${updated ?? current - desired} of the new version`,
    );
  }
  return sign('healthy', `${available} of ${pods(desired)} available`);
}

/** The counts that a Deployment, StatefulSet or DaemonSet says of itself; undefined where it says nothing. @public */
export function replicaCountsOf(owner: KubeObject): ReplicaCounts | undefined {
  const { spec, status } = owner;
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  if (status === undefined || status === null) {
    return undefined;
  }
  return owner.kind === 'DaemonSet'
    ? {
        name: owner.metadata.name,
        desired: number(status.desiredNumberScheduled),
        current: number(status.currentNumberScheduled),
        available: number(status.numberAvailable),
        updated: number(status.updatedNumberScheduled),
      }
    : {
        name: owner.metadata.name,
        desired: typeof spec?.replicas === 'number' ? spec.replicas : 1,
        current: number(status.replicas),
        available: number(status.availableReplicas ?? status.readyReplicas),
        updated: number(status.updatedReplicas),
        maxSurge: ownField(spec?.strategy?.rollingUpdate, 'maxSurge'),
      };
}

/** Kubernetes rounds a share up. */
function surgeOf({ desired, maxSurge = '25%' }: ReplicaCounts): number {
  const share = /^(\d+)%$/.exec(String(maxSurge));
  return share
    ? Math.ceil((desired * Number(share[1])) / 100)
    : Math.max(0, Number(maxSurge) || 0);
}

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
