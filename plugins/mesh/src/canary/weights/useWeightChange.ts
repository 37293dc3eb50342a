import { useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type { ViewAddress, WeightIntent } from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../../api';
import { useChange, type Change } from '../../changes/useChange';

/** Moves the weights of one rule. */
export function useWeightChange(
  address: ViewAddress,
  onApplied: () => void,
): Change<WeightIntent> {
  const api = useApi(meshApiRef);
  const calls = useMemo(
    () => ({
      subjectOf: () => 'weights',
      preview: (intent: WeightIntent) => api.previewWeights(address, intent),
      apply: (request: Parameters<typeof api.applyWeights>[1]) =>
        api.applyWeights(address, request),
    }),
    [api, address],
  );
  return useChange(calls, onApplied);
}
