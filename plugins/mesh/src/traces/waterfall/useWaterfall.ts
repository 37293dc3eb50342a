import {
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
} from 'react';
import type { TraceSpan, TraceView } from '@meshdeck/plugin-mesh-common';
import type { SpanRow } from './spanRows';
import { useFolding } from './useFolding';
import { useSpanSearch } from './useSpanSearch';
import { useVirtualRows } from './useVirtualRows';

/** Folding, searching, scrolling and the one row that the keyboard is on. */
export function useWaterfall(options: {
  trace: TraceView;
  namespace: string;
  onOpen: (span: TraceSpan) => void;
}) {
  const { trace, namespace, onOpen } = options;
  const { all, rows, isFolded, fold, reveal } = useFolding(trace, namespace);
  const scroll = useVirtualRows(rows.length);
  const [active, setActive] = useState(0);
  const current = Math.min(active, rows.length - 1);
  /** A row to go to as soon as it is unfolded. */
  const target = useRef<SpanRow>();

  const goTo = (index: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, index));
    setActive(next);
    scroll.scrollIntoView(next);
  };
  useEffect(() => {
    const index = target.current ? rows.indexOf(target.current) : -1;
    target.current = undefined;
    if (index >= 0) goTo(index);
  });
  const search = useSpanSearch({
    rows: all,
    namespace,
    onFound: row => {
      target.current = row;
      reveal(row);
    },
  });

  const open = (row: SpanRow) => {
    if (row.repeated) fold([row], !isFolded(row));
    else onOpen(row.span);
  };

  /** One listener for all rows: they come and go while one scrolls. */
  const onClick = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[role=row]');
    const index = Number(row?.getAttribute('aria-rowindex')) - 1;
    if (!rows[index]) return;
    setActive(index);
    // A row may be gone when one comes back; the grid stays.
    scroll.box.current?.focus();
    open(rows[index]);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    const actions: Record<string, (() => void) | undefined> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      PageDown: () => goTo(current + scroll.rowsPerPage),
      PageUp: () => goTo(current - scroll.rowsPerPage),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      ArrowLeft: () => fold([row], true),
      ArrowRight: () => fold([row], false),
      Enter: () => open(row),
      ' ': () => open(row),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  };

  return { rows, isFolded, fold, search, scroll, current, onClick, onKeyDown };
}
