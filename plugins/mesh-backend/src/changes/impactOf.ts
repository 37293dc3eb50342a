import {
  callerAccess,
  type MeshObjects,
  workloadsOf,
} from '@meshdeck/istio-config';
import type { ChangeImpact, Placement } from '@meshdeck/plugin-mesh-common';
import { calledPlaces, seenCallers, verdictOn } from '../facts/callers';
import { isClosedToPlaintext } from '../facts/isClosedToPlaintext';
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

type SeenCaller = ReturnType<typeof seenCallers>[number];

/**
 * Whom a change would turn away, of those who called a service within the time that `traffic` tells of: at any workload behind it, on any
 * of its ports.
 *
 * @param compared - without traffic nobody can say who called.
 */
export function impactOf(
  compared: Compared,
): Omit<ChangeImpact, 'concernsOthers'> {
  const { before, after, placement, traffic } = compared;
  const seen = seenCallers(traffic).filter(
    ({ requestsPerSecond }) => requestsPerSecond > 0,
  );
  const known = {
    isWatched: traffic !== undefined,
    isServed: calledPlaces(before, placement).length > 0,
    callers: seen.length,
  };
  if (!after.get('Service', placement.namespace, placement.service)) {
    return { ...known, refused: seen.map(cutOffAll), letIn: [], cutOff: [] };
  }
  const judged = seen.map(caller => judge(compared, caller));
  return {
    ...known,
    refused: judged.flatMap(({ refused }) => refused ?? []),
    letIn: judged.flatMap(({ refused, letIn }) => (refused ? [] : letIn ?? [])),
    ...cutOffBy(compared, seen),
  };
}

/** Of a Service that goes: whatever the policies say, there is nobody to call. */
function cutOffAll({ name, namespace, requestsPerSecond }: SeenCaller) {
  return {
    name,
    namespace,
    requestsPerSecond,
    allowed: 'no' as const,
    why: 'the Service goes, so nothing answers any more',
  };
}

/** Where a caller may less than before, or more: the first such place. */
function judge(compared: Compared, caller: SeenCaller) {
  const { before, after, placement } = compared;
  const places = calledPlaces(before, placement).map(place => ({
    now: accessOf(before, compared, { caller, place }),
    later: accessOf(after, compared, { caller, place }),
  }));
  const { name, namespace, requestsPerSecond } = caller;
  const told = (place: (typeof places)[number] | undefined) =>
    place && {
      name,
      namespace,
      requestsPerSecond,
      allowed: place.later.allowed,
      why: place.later.why,
    };
  return {
    refused: told(places.find(({ now, later }) => losesSomething(now, later))),
    letIn: told(places.find(({ now, later }) => losesSomething(later, now))),
  };
}

function accessOf(
  set: MeshObjects,
  { placement: { namespace, service: name } }: Compared,
  asked: {
    caller: SeenCaller;
    place: ReturnType<typeof calledPlaces>[number];
  },
) {
  const { caller, place } = asked;
  return verdictOn(
    callerAccess(set, place.target, {
      principal: caller.principal,
      port: place.port,
      service: { namespace, name },
    }),
  );
}

/** Who comes without mTLS, where ports take nothing else any more. */
function cutOffBy(
  { before, after, placement, traffic }: Compared,
  seen: readonly SeenCaller[],
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
    callers: seen,
    isWatched: traffic !== undefined,
  });
  return {
    cutOff: breaks,
    ...(!isClosedToPlaintext(ports) && {
      cutOffOn: [...new Set(strict.map(({ port }) => port))].sort(
        (a, b) => a - b,
      ),
    }),
  };
}
