import { useEffect } from 'react';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { meshSignalChannel } from '@meshdeck/plugin-mesh-common';

/**
 * Calls back when the backend tells that the cluster says something else of a placement. Where signals are not installed
 * nothing is told, and polling finds out later.
 */
export function useClusterChange(
  placementId: string | undefined,
  onChange: () => void,
): void {
  const signals = useApiHolder().get(signalApiRef);
  useEffect(() => {
    if (!signals || placementId === undefined) {
      return undefined;
    }
    const { unsubscribe } = signals.subscribe(
      meshSignalChannel(placementId),
      onChange,
    );
    return unsubscribe;
  }, [signals, placementId, onChange]);
}
