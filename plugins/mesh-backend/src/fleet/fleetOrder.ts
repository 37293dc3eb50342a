import { InputError } from '@backstage/errors';
import type { FleetSort } from '@meshdeck/plugin-mesh-common';
import type { KnownRow } from './fleetRows';

const HEALTH = { ok: 0, unknown: 1, warning: 2, error: 3 };

type Key = string | number | undefined;

/** An order of the rows that no two rows share a place in. */
export interface FleetOrder {
  sort: FleetSort;
  descending: boolean;
}

/** What a row is sorted by; unknown comes last, whichever way the order goes. */
function keyOf(
  known: KnownRow,
  sort: FleetSort,
  seen: (row: KnownRow) => boolean,
): Key {
  const { row, entity } = known;
  switch (sort) {
    case 'owner':
      return seen(known) ? entity?.owner : undefined;
    case 'health':
      return HEALTH[row.verdict.level];
    case 'mtls':
      return row.mtlsShare;
    case 'findings': {
      const { error, warning, info } = row.findings;
      return error * 1e8 + warning * 1e4 + info;
    }
    case 'requests':
      return row.requestsPerSecond;
    case 'errors':
      return row.errorShare;
    case 'cluster':
      return row.placement.cluster;
    default:
      return row.placement.service;
  }
}

interface Place {
  key: Key;
  id: string;
}

function compare(a: Place, b: Place, descending: boolean): number {
  if (a.key !== b.key) {
    if (a.key === undefined || b.key === undefined) {
      return a.key === undefined ? 1 : -1;
    }
    return a.key < b.key !== descending ? -1 : 1;
  }
  if (a.id === b.id) {
    return 0;
  }
  return a.id < b.id ? -1 : 1;
}

/** One page of many rows, and where its neighbours begin. */
export interface RowsPage {
  rows: KnownRow[];
  offset: number;
  next?: string;
  previous?: string;
}

/**
 * Sorts and cuts. A cursor names a place in the order, not a number: rows that come and go meanwhile shift nothing, so
 * that whoever walks the pages meets every row that stays in its place once.
 */
export function pageOf(
  rows: readonly KnownRow[],
  options: FleetOrder & {
    limit: number;
    cursor?: string;
    /** Whether the reader may see the row's entity. */
    seen: (row: KnownRow) => boolean;
  },
): RowsPage {
  const { sort, descending, limit, seen } = options;
  const sorted = rows
    .map(known => ({
      known,
      key: keyOf(known, sort, seen),
      id: known.row.placement.id,
    }))
    .sort((a, b) => compare(a, b, descending));
  const from = options.cursor
    ? startOf(sorted, readCursor(options.cursor, options), options)
    : 0;
  const cut = sorted.slice(from, from + limit);
  const cursorAt = (place: Place | undefined, side: 'after' | 'before') =>
    place && writeCursor({ sort, descending, side, ...place });
  return {
    rows: cut.map(({ known }) => known),
    offset: from,
    next:
      from + limit < sorted.length ? cursorAt(cut.at(-1), 'after') : undefined,
    previous: from > 0 ? cursorAt(cut[0] ?? sorted[from], 'before') : undefined,
  };
}

function startOf(
  sorted: readonly Place[],
  cursor: Cursor,
  { descending, limit }: { descending: boolean; limit: number },
): number {
  const after = sorted.findIndex(place => {
    const order = compare(place, cursor, descending);
    return cursor.side === 'after' ? order > 0 : order >= 0;
  });
  const start = after < 0 ? sorted.length : after;
  return cursor.side === 'after' ? start : Math.max(start - limit, 0);
}

interface Cursor extends FleetOrder, Place {
  side: 'after' | 'before';
}

function writeCursor({ sort, descending, side, key, id }: Cursor): string {
  return Buffer.from(
    JSON.stringify([
      sort,
      descending,
      side,
      id,
      ...(key === undefined ? [] : [key]),
    ]),
  ).toString('base64url');
}

/** @throws InputError for what is no cursor, or one of another order. */
function readCursor(text: string, order: FleetOrder): Cursor {
  const [sort, descending, side, id, key] = parse(text);
  if (
    typeof id !== 'string' ||
    (side !== 'after' && side !== 'before') ||
    !['string', 'number', 'undefined'].includes(typeof key)
  ) {
    throw new InputError('That is no cursor of the fleet');
  }
  if (sort !== order.sort || descending !== order.descending) {
    throw new InputError(
      'The cursor is of another order: begin at the first page',
    );
  }
  return { ...order, side, id, key: key as Key };
}

function parse(text: string): unknown[] {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
