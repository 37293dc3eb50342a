import { useFormat } from './useFormat';
import { useMeshTranslation } from './useMeshTranslation';

/** `3 pods`; `1 of 3 pods ready` where some are not. */
export function usePodWords(): (of: {
  pods: number;
  readyPods: number;
}) => string {
  const { t } = useMeshTranslation();
  const format = useFormat();
  return ({ pods, readyPods }) =>
    pods === readyPods
      ? t('words.podsReady', { count: pods })
      : t('words.podsOfReady', {
          count: pods,
          ready: format.number(readyPods),
        });
}
