import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  FLEET_SORTS,
  type FleetQuery,
  type FleetSort,
} from '@meshdeck/plugin-mesh-common';

/** The parts of the page. */
export const FLEET_SECTIONS = [
  'services',
  'changes',
  'control-plane',
  'mtls',
  'certificates',
  'sources',
] as const;

export type FleetSection = (typeof FLEET_SECTIONS)[number];

/** Which way a column is sorted first: what one looks for comes first. */
const DESCENDS_FIRST: FleetSort[] = [
  'health',
  'findings',
  'requests',
  'errors',
];

const LEVELS = ['attention', 'error', 'warning', 'ok', 'unknown'] as const;

/** What `change` takes; `undefined` takes a filter away. */
export type FleetFilters = Pick<
  FleetQuery,
  'text' | 'level' | 'cluster' | 'namespace' | 'owner'
>;

/** Everything that makes the page what it is, kept in its address so that a link shows the same to the next person. */
export interface FleetAddress {
  section: FleetSection;
  query: FleetQuery & { sort: FleetSort; descending: boolean };
  isFiltered: boolean;
  open(section: FleetSection): void;
  /** Sorts by a column, the other way round where it is sorted by it already. */
  sortBy(sort: FleetSort): void;
  filter(filters: Partial<FleetFilters>): void;
  clearFilters(): void;
  goTo(cursor: string | undefined): void;
  /** Where the list of changes begins; absent: at the newest. */
  changesAfter?: string;
  goToChanges(cursor: string | undefined): void;
}

/** The query that an address stands for; what it does not understand, it passes over. */
function queryOf(search: URLSearchParams): FleetAddress['query'] {
  const text = (name: string) => search.get(name) || undefined;
  const sort =
    FLEET_SORTS.find(known => known === search.get('sort')) ?? 'health';
  const order = search.get('order');
  return {
    text: text('q'),
    level: LEVELS.find(level => level === search.get('level')),
    cluster: text('cluster'),
    namespace: text('namespace'),
    owner: text('owner'),
    sort,
    descending: order ? order === 'desc' : DESCENDS_FIRST.includes(sort),
    cursor: text('after'),
  };
}

const FILTERS = {
  text: 'q',
  level: 'level',
  cluster: 'cluster',
  namespace: 'namespace',
  owner: 'owner',
} as const;

const NO_FILTERS: Partial<FleetFilters> = {
  text: undefined,
  level: undefined,
  cluster: undefined,
  namespace: undefined,
  owner: undefined,
};

function putFilters(
  search: URLSearchParams,
  filters: Partial<FleetFilters>,
): void {
  for (const [name, value] of Object.entries(filters)) {
    put(search, FILTERS[name as keyof FleetFilters], value);
  }
  // A place in other rows says nothing here.
  search.delete('after');
}

function putSort(
  search: URLSearchParams,
  sort: FleetSort,
  query: FleetQuery,
): void {
  const descending =
    sort === query.sort ? !query.descending : DESCENDS_FIRST.includes(sort);
  search.set('sort', sort);
  search.set('order', descending ? 'desc' : 'asc');
  search.delete('after');
}

export function useFleetAddress(): FleetAddress {
  const [search, setSearch] = useSearchParams();
  const query = useMemo(() => queryOf(search), [search]);
  const asked = search.get('section');
  const section = FLEET_SECTIONS.find(known => known === asked) ?? 'services';

  const change = useCallback(
    (apply: (next: URLSearchParams) => void, how: 'push' | 'replace') =>
      setSearch(
        previous => {
          const next = new URLSearchParams(previous);
          apply(next);
          return next;
        },
        { replace: how === 'replace' },
      ),
    [setSearch],
  );
  const filter = useCallback(
    (filters: Partial<FleetFilters>) =>
      change(next => putFilters(next, filters), 'replace'),
    [change],
  );

  return {
    section,
    query,
    isFiltered: Object.keys(FILTERS).some(
      name => query[name as keyof FleetFilters] !== undefined,
    ),
    open: name =>
      change(
        next => put(next, 'section', name === 'services' ? undefined : name),
        'push',
      ),
    sortBy: sort => change(next => putSort(next, sort, query), 'replace'),
    filter,
    clearFilters: () => filter(NO_FILTERS),
    goTo: cursor => change(next => put(next, 'after', cursor), 'push'),
    changesAfter: search.get('changesAfter') || undefined,
    goToChanges: cursor =>
      change(next => put(next, 'changesAfter', cursor), 'push'),
  };
}

function put(
  search: URLSearchParams,
  name: string,
  value: string | undefined,
): void {
  if (value) {
    search.set(name, value);
  } else {
    search.delete(name);
  }
}
