import { Link } from '@backstage/ui';
import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiQuestionFill,
} from '@remixicon/react';
import type { MeshTab, Verdict } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { useTabLink } from './useTabLink';
import styles from './VerdictLine.module.css';

const ICONS = {
  ok: RiCheckboxCircleFill,
  warning: RiAlertFill,
  error: RiCloseCircleFill,
  unknown: RiQuestionFill,
};

/** The answer to "is it all right?", first thing on every page. */
export function VerdictLine(props: { of: Verdict; on: MeshTab }) {
  const { of: verdict, on } = props;
  const tabLink = useTabLink();
  const { t } = useMeshTranslation();
  const words = t(`levels.${verdict.level}`);
  const Icon = ICONS[verdict.level];
  const elsewhere =
    verdict.tab && verdict.tab !== on && verdict.tab !== 'overview'
      ? verdict.tab
      : undefined;

  return (
    <div className={`${styles.verdict} ${styles[verdict.level]}`} role="status">
      <Icon size={22} aria-hidden className={styles.icon} />
      <p className={styles.sentence}>
        {!verdict.sentence.startsWith(words) && <strong>{words}. </strong>}
        {verdict.sentence}{' '}
        {elsewhere && (
          <Link href={tabLink(elsewhere)}>
            {t('verdict.see', { tab: t(`tabs.${elsewhere}`) })}
          </Link>
        )}
      </p>
    </div>
  );
}
