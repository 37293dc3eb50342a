import { useState } from 'react';
import { Button } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useMeshTranslation } from '../../translations/useMeshTranslation';

/** Puts text on the clipboard and says whether that worked. */
export function CopyButton(props: { text: string; label?: string }) {
  const { text, label } = props;
  const { t } = useMeshTranslation();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();

  const copy = () => {
    // Browsers offer no clipboard to pages that came without https.
    const copied =
      navigator.clipboard?.writeText(text) ??
      Promise.reject(new Error('no clipboard'));
    copied.then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };

  return (
    <Button
      size="small"
      variant="secondary"
      iconStart={outcome === 'copied' ? <RiCheckLine /> : <RiFileCopyLine />}
      onPress={copy}
    >
      {outcome === 'copied' && t('copy.copied')}
      {outcome === 'failed' && t('copy.failed')}
      {outcome === undefined && (label ?? t('copy.copy'))}
    </Button>
  );
}
