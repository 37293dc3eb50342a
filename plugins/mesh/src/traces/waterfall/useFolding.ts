import { useCallback, useMemo, useState } from 'react';
import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { spanRows, unfolded } from './spanRows';

/** The spans of a trace as rows, without those below a span that is folded. */
export function useFolding(spans: TraceSpan[]) {
  const [folded, setFolded] = useState(() => new Set<string>());
  const all = useMemo(() => spanRows(spans), [spans]);
  const rows = useMemo(() => unfolded(all, folded), [all, folded]);
  const fold = useCallback(
    (spanId: string, isFolded: boolean) =>
      setFolded(previous => {
        const next = new Set(previous);
        if (isFolded) next.add(spanId);
        else next.delete(spanId);
        return next;
      }),
    [],
  );
  return { rows, folded, fold };
}
