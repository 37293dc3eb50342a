import { useCallback, useMemo, useState } from 'react';
import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';
import {
  hidingRows,
  rowsAbove,
  spanRows,
  unfolded,
  type SpanRow,
} from './spanRows';

/**
 * The spans of a trace as rows, without those below a row that is folded. Several of a kind are folded at first, but for
 * those around what failed first or, where nothing failed, around the critical path.
 */
export function useFolding(trace: TraceView, namespace: string) {
  const { spans, failure } = trace;
  const all = useMemo(() => spanRows(spans, namespace), [spans, namespace]);
  /** The rows that a person, or what matters, turned from folded to unfolded or back. */
  const [turned, setTurned] = useState(() => {
    const matters = ({ spanId, critical }: TraceSpan) =>
      failure ? spanId === failure.spanId : critical;
    return new Set(hidingRows(all, matters).map(({ id }) => id));
  });
  const isFolded = useCallback(
    ({ id, repeated }: SpanRow) => turned.has(id) !== Boolean(repeated),
    [turned],
  );
  const rows = useMemo(() => unfolded(all, isFolded), [all, isFolded]);

  const fold = useCallback(
    (folding: SpanRow[], toFolded: boolean) =>
      setTurned(previous => {
        const next = new Set(previous);
        for (const { id, repeated } of folding) {
          if (toFolded !== Boolean(repeated)) next.add(id);
          else next.delete(id);
        }
        return next;
      }),
    [],
  );
  const reveal = useCallback(
    (row: SpanRow) => fold(rowsAbove(all, row), false),
    [all, fold],
  );
  return { all, rows, isFolded, fold, reveal };
}
