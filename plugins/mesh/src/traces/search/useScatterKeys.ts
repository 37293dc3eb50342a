import { useRef, useState, type KeyboardEvent } from 'react';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { selectionAround, type TraceSelection } from './traceSelection';

const STEP_OF_KEY: Record<string, number | undefined> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
};

/** One tab stop for all points: arrow keys go from one to the next, with Shift they select. */
export function useScatterKeys(options: {
  /** In the order of the keys. */
  traces: TraceSummary[];
  selection: TraceSelection | undefined;
  onOpen: (traceId: string) => void;
  onSelectMany: (selection: TraceSelection | undefined) => void;
}) {
  const { traces, selection, onOpen, onSelectMany } = options;
  const [active, setActive] = useState(0);
  const points = useRef(new Map<number, SVGGElement>());
  /** Where a selection by keyboard began. */
  const anchor = useRef<number>();

  const goTo = (next: number) => {
    setActive(next);
    points.current.get(next)?.focus();
  };
  const selectUpTo = (from: number, to: number) => {
    anchor.current ??= from;
    const first = Math.min(anchor.current, to);
    const last = Math.max(anchor.current, to);
    onSelectMany(selectionAround(traces.slice(first, last + 1)));
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = STEP_OF_KEY[event.key];
    if (event.key === 'Escape' && selection) {
      event.stopPropagation();
      anchor.current = undefined;
      onSelectMany(undefined);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(traces[index].traceId);
    } else if (step) {
      event.preventDefault();
      const next = Math.min(traces.length - 1, Math.max(0, index + step));
      goTo(next);
      if (event.shiftKey) selectUpTo(index, next);
      else anchor.current = undefined;
    }
  };

  return {
    focusable: Math.min(active, traces.length - 1),
    /** What the point at a place needs. */
    pointProps: (index: number) => ({
      pointRef: (element: SVGGElement | null) => {
        if (element) points.current.set(index, element);
        else points.current.delete(index);
      },
      onFocus: () => setActive(index),
      onKeyDown: (event: KeyboardEvent) => onKeyDown(event, index),
    }),
  };
}
