import { useCallback, useEffect, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { TIME_WINDOWS, type TimeWindow } from '@meshdeck/plugin-mesh-common';
import { recallChoice, rememberChoice } from './lastChoice';

const DEFAULT_WINDOW: TimeWindow = '15m';

/** Placement and time, kept in the address of the page so that a link shows the same to the next person. */
export interface PlacementAndWindow {
  /** As the address names it; whether there is such a placement is another question. */
  placementId?: string;
  window: TimeWindow;
  selectPlacement(id: string): void;
  selectWindow(window: TimeWindow): void;
}

function isTimeWindow(text: string | undefined): text is TimeWindow {
  return TIME_WINDOWS.some(window => window === text);
}

export function usePlacementAndWindow(entityRef: string): PlacementAndWindow {
  const [search, setSearch] = useSearchParams();
  const placement = search.get('placement') ?? undefined;
  const asked = search.get('window') ?? undefined;
  const isNamed = placement !== undefined || asked !== undefined;
  // Backstage's own links to tabs drop the query.
  const chosen = useMemo(
    () =>
      isNamed ? { placement, window: asked } : recallChoice(entityRef) ?? {},
    [isNamed, placement, asked, entityRef],
  );

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

  useEffect(() => {
    if (isNamed) {
      rememberChoice(entityRef, chosen);
      return;
    }
    const known = Object.entries(chosen).filter(([, value]) => value);
    if (known.length > 0) {
      change(next => known.forEach(([key, value]) => next.set(key, value!)));
    }
  }, [isNamed, entityRef, chosen, change]);

  return {
    placementId: chosen.placement,
    window: isTimeWindow(chosen.window) ? chosen.window : DEFAULT_WINDOW,
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
