import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { TraceQuery } from '@meshdeck/plugin-mesh-common';
import { useIntent } from '../../view/useIntent';
import { parsePairs } from '../../view/tryForm/parsePairs';

/** The backend takes at most 200. */
export const TRACE_LIMITS = [20, 50, 100, 200];
const DEFAULT_LIMIT = 50;

const KEYS = [
  'operation',
  'version',
  'tags',
  'min',
  'errors',
  'limit',
] as const;

/** The filters as a person writes them; the address of the page carries them so. */
export interface TraceFilterText {
  operation: string;
  /** One of the service's own; empty for any. */
  version: string;
  /** `key=value, other=value`. */
  tags: string;
  /** In ms. */
  min: string;
  errors: boolean;
  limit: number;
}

export const NO_FILTERS: TraceFilterText = {
  operation: '',
  version: '',
  tags: '',
  min: '',
  errors: false,
  limit: DEFAULT_LIMIT,
};

function readFilters(search: URLSearchParams): TraceFilterText {
  const limit = Number(search.get('limit'));
  return {
    operation: search.get('operation') ?? '',
    version: search.get('version') ?? '',
    tags: search.get('tags') ?? '',
    min: search.get('min') ?? '',
    errors: search.get('errors') === 'true',
    limit: TRACE_LIMITS.includes(limit) ? limit : DEFAULT_LIMIT,
  };
}

function toTraceQuery(filters: TraceFilterText): TraceQuery {
  const min = Number(filters.min);
  return {
    operation: filters.operation || undefined,
    version: filters.version || undefined,
    tags: parsePairs(filters.tags).values,
    minDurationMs: filters.min && min > 0 ? min : undefined,
    errorsOnly: filters.errors || undefined,
    limit: filters.limit,
  };
}

/** Filters and the chosen trace, kept in the address of the page. */
export function useTraceQuery() {
  const [search, setSearch] = useSearchParams();
  const tell = useIntent();
  // Other things in the address change too; that must not throw away what a person is writing.
  const text = JSON.stringify(readFilters(search));
  const filters = useMemo((): TraceFilterText => JSON.parse(text), [text]);

  const setFilters = useCallback(
    (next: TraceFilterText) => {
      tell('search', 'traces');
      setSearch(previous => {
        const changed = new URLSearchParams(previous);
        KEYS.forEach(key => changed.delete(key));
        changed.delete('trace');
        changed.delete('with');
        if (next.operation) changed.set('operation', next.operation);
        if (next.version) changed.set('version', next.version);
        if (next.tags.trim()) changed.set('tags', next.tags.trim());
        if (next.min.trim()) changed.set('min', next.min.trim());
        if (next.errors) changed.set('errors', 'true');
        if (next.limit !== DEFAULT_LIMIT) {
          changed.set('limit', String(next.limit));
        }
        return changed;
      });
    },
    [setSearch, tell],
  );

  const selectTrace = useCallback(
    (traceId: string | undefined, comparedWith?: string) => {
      if (traceId) tell(comparedWith ? 'compare' : 'open', 'trace');
      setSearch(previous => {
        const changed = new URLSearchParams(previous);
        changed.delete('trace');
        changed.delete('with');
        if (traceId) changed.set('trace', traceId);
        if (comparedWith) changed.set('with', comparedWith);
        return changed;
      });
    },
    [setSearch, tell],
  );

  return {
    filters,
    query: useMemo(() => toTraceQuery(filters), [filters]),
    setFilters,
    traceId: search.get('trace') ?? undefined,
    /** A second trace, to be set against the first. */
    comparedWith: search.get('with') ?? undefined,
    selectTrace,
  };
}
