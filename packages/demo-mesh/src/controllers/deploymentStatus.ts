import type { KubeObject } from '@meshdeck/istio-config';

interface Condition {
  type: string;
  status: string;
  reason: string;
  message?: string;
  lastTransitionTime: string;
}

/** What a Deployment says of itself, with so many pods, all of them healthy; a condition that stays keeps its time. */
export function deploymentStatus(
  { metadata, spec, status: before }: KubeObject,
  {
    replicas,
    failure,
    now,
  }: { replicas: number; failure: string | undefined; now: string },
) {
  const wanted = spec.replicas ?? 1;
  const known = (before?.conditions ?? []) as Condition[];
  const condition = (
    type: string,
    isTrue: boolean,
    reason: string,
    message?: string,
  ): Condition => {
    const status = isTrue ? 'True' : 'False';
    const earlier = known.find(each => each.type === type);
    const since =
      earlier?.status === status ? earlier.lastTransitionTime : undefined;
    return {
      type,
      status,
      reason,
      ...(message ? { message } : {}),
      lastTransitionTime: since ?? now,
    };
  };
  return {
    observedGeneration: metadata.generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    unavailableReplicas: Math.max(0, wanted - replicas) || null,
    conditions: [
      condition('Available', replicas >= wanted, 'MinimumReplicasAvailable'),
      condition('Progressing', !failure, 'NewReplicaSetAvailable'),
      ...(failure
        ? [condition('ReplicaFailure', true, 'FailedCreate', failure)]
        : []),
    ],
  };
}

/** Whether all that a Deployment asks for is there already, as it says itself. */
export function isSettled({ metadata, spec, status }: KubeObject): boolean {
  return (
    status?.observedGeneration !== undefined &&
    status.observedGeneration === metadata.generation &&
    status.availableReplicas === (spec.replicas ?? 1)
  );
}
