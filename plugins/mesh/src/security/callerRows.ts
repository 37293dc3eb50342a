import type {
  CallerView,
  StrictBreak,
  StrictOutlook,
} from '@meshdeck/plugin-mesh-common';

/** One who calls, may call or probes, with all that is known of it. */
export interface CallerRow {
  /** Another one for each. */
  id: string;
  name: string;
  namespace?: string;
  entityRef?: string;
  owner?: string;
  isClaimed?: boolean;
  requestsPerSecond?: number;
  /** Absent for a probe: it sends no request that could be counted. */
  caller?: CallerView;
  /** Why only encrypted calls would keep it out. */
  blockedByStrict?: string;
  /** Requests a second that were refused. */
  refusedPerSecond: number;
}

const nameOf = ({ namespace, name }: { namespace?: string; name: string }) =>
  `${namespace === 'unknown' ? '' : namespace ?? ''}/${name}`;

/** Callers and those whom STRICT would block, each once; first whoever is or would be turned away. */
export function callerRows(
  callers: CallerView[],
  ifStrict: StrictOutlook,
): CallerRow[] {
  const breaks = new Map(ifStrict.breaks.map(each => [nameOf(each), each]));
  const known = new Set(callers.map(nameOf));
  const rows = [
    ...callers.map(caller => rowOf(caller, breaks.get(nameOf(caller)))),
    ...ifStrict.breaks
      .filter(each => !known.has(nameOf(each)))
      .map(each => ({
        ...each,
        id: nameOf(each),
        blockedByStrict: each.why,
        refusedPerSecond: 0,
      })),
  ];
  return [...rows.filter(isTurnedAway), ...rows.filter(r => !isTurnedAway(r))];
}

function rowOf(caller: CallerView, strict: StrictBreak | undefined): CallerRow {
  const { deniedShare = 0, requestsPerSecond = 0 } = caller;
  return {
    ...caller,
    id: `${nameOf(caller)} ${caller.principal}`,
    caller,
    blockedByStrict: strict?.why,
    refusedPerSecond: deniedShare * requestsPerSecond,
  };
}

function isTurnedAway(row: CallerRow): boolean {
  return row.blockedByStrict !== undefined || row.refusedPerSecond > 0;
}
