import { useCallback } from 'react';
import { useMeshTranslation } from '../translations/useMeshTranslation';

/** For the `ref` of a dialog: the kit calls the button that closes it "Close" in every language. */
export function useCloseLabel() {
  const { t } = useMeshTranslation();
  const label = t('drawer.close');
  return useCallback(
    (dialog: HTMLElement | null) =>
      dialog
        ?.querySelector('button[name=close]')
        ?.setAttribute('aria-label', label),
    [label],
  );
}
