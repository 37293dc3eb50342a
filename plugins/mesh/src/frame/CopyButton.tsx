import { useState } from 'react';
import { Button } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';

/** Puts text on the clipboard and says whether that worked. */
export function CopyButton(props: { text: string; label?: string }) {
  const { text, label = 'Copy' } = props;
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
      {outcome === 'copied' && 'Copied'}
      {outcome === 'failed' && 'Copying failed: select the text'}
      {outcome === undefined && label}
    </Button>
  );
}
