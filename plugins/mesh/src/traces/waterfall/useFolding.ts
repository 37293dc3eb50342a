import { useCallback, useMemo, useState } from 'react';
import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { rowsAbove, spanRows, unfolded, type SpanRow } from './spanRows';

/** The spans of a trace as rows, without those below a row that is folded; several of a kind begin folded. */
export function useFolding(spans: TraceSpan[], namespace: string) {
  /** The rows that are not as they began. */
  const [turned, setTurned] = useState(() => new Set<string>());
  const all = useMemo(() => spanRows(spans, namespace), [spans, namespace]);
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
