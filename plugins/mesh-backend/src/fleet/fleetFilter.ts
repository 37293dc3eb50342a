import type { FleetQuery } from '@meshdeck/plugin-mesh-common';
import { KnownRow, needsAttention } from './fleetRows';

/** Whether a row fits the filters that have nothing to do with its owner. */
export function fitsPlainly({ row }: KnownRow, query: FleetQuery): boolean {
  const { level, cluster, namespace } = query;
  return (
    (cluster === undefined || row.placement.cluster === cluster) &&
    (namespace === undefined || row.placement.namespace === namespace) &&
    (level === undefined ||
      (level === 'attention'
        ? needsAttention(row)
        : row.verdict.level === level))
  );
}

/** Whether the answer to the query depends on whether the reader may see this row's owner. */
export function dependsOnOwner(known: KnownRow, query: FleetQuery): boolean {
  const { entity } = known;
  return (
    entity?.owner !== undefined &&
    (query.owner === undefined || query.owner === entity.owner) &&
    (query.owner !== undefined ||
      query.sort === 'owner' ||
      (!hasText(known, query) && ownerHasText(known, query)))
  );
}

/** Whether a row fits the rest; `isSeen`: whether the reader may see its owner. */
export function fitsByOwner(
  known: KnownRow,
  query: FleetQuery,
  isSeen: boolean,
): boolean {
  return (
    (query.owner === undefined ||
      (isSeen && known.entity?.owner === query.owner)) &&
    (hasText(known, query) || (isSeen && ownerHasText(known, query)))
  );
}

function wordsOf({ text = '' }: FleetQuery): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Every word of the search is somewhere in the row. */
function hasText({ text }: KnownRow, query: FleetQuery): boolean {
  return wordsOf(query).every(word => text.includes(word));
}

function ownerHasText({ text, entity }: KnownRow, query: FleetQuery): boolean {
  const owner = entity?.owner?.toLowerCase();
  return (
    owner !== undefined &&
    wordsOf(query).every(word => text.includes(word) || owner.includes(word))
  );
}
