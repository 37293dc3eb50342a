import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';
import { TIME_WINDOWS, type TimeWindow } from '@meshdeck/plugin-mesh-common';

const DEFAULT_WINDOW: TimeWindow = '15m';

/** Placement and time, kept in the address of the page so that a link shows the same to the next person. */
export interface Where {
  /** As the address names it; whether there is such a placement is another question. */
  placementId?: string;
  window: TimeWindow;
  selectPlacement(id: string): void;
  selectWindow(window: TimeWindow): void;
}

function isTimeWindow(text: string | null): text is TimeWindow {
  return TIME_WINDOWS.some(window => window === text);
}

export function useWhere(): Where {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('window');

  const change = useCallback(
    (apply: (next: URLSearchParams) => void) => {
      setSearch(
        previous => {
          const next = new URLSearchParams(previous);
          apply(next);
          return next;
        },
        { replace: true },
      );
    },
    [setSearch],
  );

  return {
    placementId: search.get('placement') ?? undefined,
    window: isTimeWindow(asked) ? asked : DEFAULT_WINDOW,
    selectPlacement: useCallback(
      id =>
        change(next => {
          next.set('placement', id);
          // A trace belongs to the placement it was found in.
          next.delete('trace');
          next.delete('with');
        }),
      [change],
    ),
    selectWindow: useCallback(
      window => change(next => next.set('window', window)),
      [change],
    ),
  };
}
