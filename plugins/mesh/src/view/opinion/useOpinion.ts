import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  OpinionView,
  TimeWindow,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../../api';
import { usePolled } from '../fetching/usePolled';

/** Others look at the service less often than we do. */
const OPINION_INTERVAL_MS = 30_000;

/** What others say of the service; nothing until it came, and nothing where it cannot be had. */
export function useOpinion(
  address: ViewAddress | undefined,
  window: TimeWindow,
): OpinionView | undefined {
  const api = useApi(meshApiRef);
  const question =
    address && `${address.entityRef} ${address.placement} ${window}`;
  const ask = useCallback(
    () =>
      address
        ? api.view('opinion', address, { window })
        : Promise.reject(new Error('No placement to ask about.')),
    [api, address, window],
  );
  const { answer, answerTo } = usePolled(question, ask, {
    intervalMs: OPINION_INTERVAL_MS,
  });
  return answerTo === question ? answer : undefined;
}
