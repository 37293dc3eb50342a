import { type MeshObjects, workloadsOf } from '@meshdeck/istio-config';
import type {
  CallerView,
  ChangeImpact,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import { calledPlaces, callersOf } from '../facts/callers';
import { mtlsPorts } from '../facts/mtlsPorts';
import { strictOutlook } from '../facts/strictOutlook';
import type { Traffic } from '../metrics/Traffic';
import { losesSomething } from './losesSomething';

/** What is compared. */
interface Compared {
  before: MeshObjects;
  after: MeshObjects;
  placement: Placement;
  traffic: Traffic | undefined;
}

/**
 * Whom a change would turn away, of those who called a service within the time that `traffic` tells of: at any workload behind it, on any
 * of its ports.
 *
 * @param compared - without traffic nobody can say who called.
 */
export function impactOf(
  compared: Compared,
): Omit<ChangeImpact, 'concernsOthers'> {
  const { before, placement, traffic } = compared;
  const seen = callersOf(before, placement, traffic).filter(isSeen);
  const pairs = pairsOf(compared);
  const refused = pairs.filter(({ now, later }) => losesSomething(now, later));
  const letIn = pairs.filter(({ now, later }) => losesSomething(later, now));
  const turnedAway = new Set(refused.map(({ later }) => keyOf(later)));
  return {
    isWatched: traffic !== undefined,
    callers: seen.length,
    refused: eachOnce(refused),
    letIn: eachOnce(letIn).filter(caller => !turnedAway.has(keyOf(caller))),
    ...cutOffBy(compared, seen),
  };
}

function isSeen({ requestsPerSecond = 0 }: CallerView): boolean {
  return requestsPerSecond > 0;
}

/** What each caller may now and then, at each place that is called. */
function pairsOf({ before, after, placement, traffic }: Compared) {
  const later = calledPlaces(after, placement);
  return calledPlaces(before, placement).flatMap((place, index) => {
    const then = new Map(
      callersOf(after, placement, traffic, later[index]).map(caller => [
        keyOf(caller),
        caller,
      ]),
    );
    return callersOf(before, placement, traffic, place)
      .filter(isSeen)
      .flatMap(now => {
        const found = then.get(keyOf(now));
        return found ? [{ now, later: found }] : [];
      });
  });
}

function keyOf({ namespace, name }: Pick<CallerView, 'namespace' | 'name'>) {
  return `${namespace}/${name}`;
}

function eachOnce(
  pairs: readonly { later: CallerView }[],
): ChangeImpact['refused'] {
  const callers = new Map(
    pairs.map(({ later }) => [keyOf(later), later] as const),
  );
  return [...callers.values()].map(
    ({ name, namespace, requestsPerSecond, allowed, why }) => ({
      name,
      namespace,
      requestsPerSecond,
      allowed,
      why,
    }),
  );
}

/** Who comes without mTLS, where ports take nothing else any more. */
function cutOffBy(
  { before, after, placement, traffic }: Compared,
  callers: readonly CallerView[],
): Pick<ChangeImpact, 'cutOff' | 'cutOffOn'> {
  const nameOf = ({ workload, port }: { workload: string; port: number }) =>
    `${workload}:${port}`;
  const known = new Set(
    mtlsPorts(before, placement)
      .filter(({ mode }) => mode === 'STRICT')
      .map(nameOf),
  );
  const ports = mtlsPorts(after, placement);
  const strict = ports.filter(
    port => port.mode === 'STRICT' && !known.has(nameOf(port)),
  );
  if (strict.length === 0) {
    return { cutOff: [] };
  }
  const names = new Set(strict.map(({ workload }) => workload));
  const { breaks } = strictOutlook(after, {
    placement,
    workloads: workloadsOf(
      after,
      placement.namespace,
      placement.service,
    ).filter(({ name }) => names.has(name)),
    ports: strict,
    callers,
    isWatched: traffic !== undefined,
  });
  const isPart = ports.some(({ mode }) => mode !== 'STRICT');
  return {
    cutOff: breaks,
    ...(isPart && {
      cutOffOn: [...new Set(strict.map(({ port }) => port))].sort(
        (a, b) => a - b,
      ),
    }),
  };
}
