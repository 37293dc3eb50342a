import { useCallback, useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { ChangesView, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { type Polled, usePolled } from '../view/fetching/usePolled';
import { isEnding } from './ChangeState';

const INTERVAL_MS = 60_000;
/** While something is to end. */
const ENDING_INTERVAL_MS = 5_000;

/**
 * What was changed from this portal, and what the reader may change.
 *
 * @param made - how many changes went through while the page was open.
 */
export function useChanges(
  address: ViewAddress | undefined,
  made: number,
): Polled<ChangesView> {
  const api = useApi(meshApiRef);
  const [intervalMs, setIntervalMs] = useState(INTERVAL_MS);
  const polled = usePolled(
    address && `changes ${address.entityRef} ${address.placement}`,
    useCallback(() => api.view('changes', address!, {}), [api, address]),
    { intervalMs },
  );
  const { answer, refresh } = polled;
  const isAnyEnding = answer?.changes.some(isEnding) ?? false;
  useEffect(() => {
    setIntervalMs(isAnyEnding ? ENDING_INTERVAL_MS : INTERVAL_MS);
  }, [isAnyEnding]);
  useEffect(() => {
    // The next question waits as long as was said when it was put off.
    if (intervalMs === ENDING_INTERVAL_MS) refresh();
  }, [intervalMs, refresh]);
  useEffect(() => {
    if (made > 0) refresh();
  }, [made, refresh]);
  return polled;
}
