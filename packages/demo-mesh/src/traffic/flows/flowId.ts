import type { TrafficEntry } from '../TrafficProfile';

/** Names a profile's entry; the same in each epoch. */
export function entryId(entry: TrafficEntry): string {
  const { from, to, request, through } = entry;
  return [
    `${from.namespace}/${from.workload}`,
    through?.host ?? '-',
    `${to.namespace}/${to.name}`,
    `${request.method} ${request.path}`,
  ].join(' > ');
}

/** The streams of an entry: the one without headers, then one for each variant. */
export function flowIdsOf(entry: TrafficEntry): string[] {
  return [undefined, ...entry.headers].map(
    (_, index) => `${entryId(entry)}#${index}`,
  );
}
