import { type MeshObjects, workloadsOf } from '@meshdeck/istio-config';
import type {
  CallerView,
  ChangeImpact,
  Placement,
  StrictBreak,
} from '@meshdeck/plugin-mesh-common';
import { callersOf } from '../facts/callers';
import { mtlsPorts } from '../facts/mtlsPorts';
import { strictOutlook } from '../facts/strictOutlook';
import type { Traffic } from '../metrics/Traffic';

/**
 * Whom a change would turn away, of those who called a service within the time that `traffic` tells of.
 *
 * @param traffic - undefined where nobody can say who called: then what the objects say alone is told.
 */
export function impactOf(options: {
  before: MeshObjects;
  after: MeshObjects;
  placement: Placement;
  traffic: Traffic | undefined;
}): ChangeImpact {
  const { before, after, placement, traffic } = options;
  const seen = callersOf(before, placement, traffic).filter(
    ({ requestsPerSecond = 0 }) => requestsPerSecond > 0,
  );
  const then = new Map(
    callersOf(after, placement, traffic).map(caller => [keyOf(caller), caller]),
  );
  const pairs = seen.flatMap(now => {
    const later = then.get(keyOf(now));
    return later ? [{ now, later }] : [];
  });
  return {
    isWatched: traffic !== undefined,
    callers: seen.length,
    refused: pairs
      .filter(({ now, later }) => losesSomething(now, later))
      .map(({ later }) => affected(later)),
    letIn: pairs
      .filter(
        ({ now, later }) =>
          losesSomething(later, now) && !losesSomething(now, later),
      )
      .map(({ later }) => affected(later)),
    cutOff: cutOffBy(options, seen),
  };
}

function keyOf({ namespace, name, principal }: CallerView): string {
  return `${namespace}/${name} ${principal}`;
}

function affected(caller: CallerView): ChangeImpact['refused'][number] {
  const { name, namespace, requestsPerSecond, allowed, why } = caller;
  return { name, namespace, requestsPerSecond, allowed, why };
}

/** Whether something that was allowed is not any more. */
function losesSomething(before: CallerView, after: CallerView): boolean {
  const rank = { no: 0, partly: 1, yes: 2 };
  if (before.allowed !== 'partly' || after.allowed !== 'partly') {
    return rank[after.allowed] < rank[before.allowed];
  }
  return before.allowedOperations.some(
    operation => !after.allowedOperations.includes(operation),
  );
}

/** Who comes without mTLS, where a port takes nothing else any more. */
function cutOffBy(
  options: Parameters<typeof impactOf>[0],
  callers: readonly CallerView[],
): StrictBreak[] {
  const { before, after, placement, traffic } = options;
  const strictPorts = (set: MeshObjects) =>
    mtlsPorts(set, placement)
      .filter(({ mode }) => mode === 'STRICT')
      .map(({ workload, port }) => `${workload}:${port}`);
  const known = new Set(strictPorts(before));
  return strictPorts(after).some(port => !known.has(port))
    ? strictOutlook(after, {
        placement,
        workloads: workloadsOf(after, placement.namespace, placement.service),
        ports: mtlsPorts(after, placement),
        callers,
        isWatched: traffic !== undefined,
      }).breaks
    : [];
}
