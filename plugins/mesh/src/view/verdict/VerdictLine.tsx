import { Link } from '@backstage/ui';
import type { MeshTab, Verdict } from '@meshdeck/plugin-mesh-common';
import { viewMessages } from '../../translations/english/view';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { ledByLevel } from './ledByLevel';
import { ERRORS_ONLY, useTabLink } from '../address/useTabLink';
import { VerdictBox } from './VerdictBox';

/** The answer to "is it all right?", first thing on every page. */
export function VerdictLine(props: { of: Verdict; on: MeshTab }) {
  const { of: verdict, on } = props;
  const tabLink = useTabLink();
  const { t } = useMeshTranslation();
  const { level, sentence } = ledByLevel(verdict.sentence, {
    inEnglish: viewMessages.levels[verdict.level],
    words: t(`levels.${verdict.level}`),
  });
  const elsewhere =
    verdict.tab && verdict.tab !== on && verdict.tab !== 'overview'
      ? verdict.tab
      : undefined;

  return (
    <VerdictBox level={verdict.level}>
      {level && <strong>{level}. </strong>}
      {sentence}{' '}
      {elsewhere && (
        <Link
          // A verdict leads to the traces only where requests fail.
          href={tabLink(elsewhere, elsewhere === 'traces' ? ERRORS_ONLY : {})}
        >
          {t('verdict.see', { tab: t(`tabs.${elsewhere}`) })}
        </Link>
      )}
    </VerdictBox>
  );
}
