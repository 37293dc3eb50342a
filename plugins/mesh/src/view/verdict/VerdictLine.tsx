import { Link } from '@backstage/ui';
import {
  HEALTH_WINDOW,
  type MeshTab,
  type Verdict,
  type ViewBase,
} from '@meshdeck/plugin-mesh-common';
import { viewMessages } from '../../translations/english/view';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { ledByLevel } from './ledByLevel';
import { ERRORS_ONLY, useTabLink } from '../address/useTabLink';
import { StatusMark } from './StatusMark';
import { VerdictBox } from './VerdictBox';
import styles from './VerdictLine.module.css';

/**
 * How the service is, first thing on every page and the same on each: the worst that is known of it, what else is wrong, and below
 * them what the page's own matter comes to.
 */
export function VerdictLine(props: {
  of: Pick<ViewBase, 'verdict' | 'also' | 'remark'>;
  on: MeshTab;
}) {
  const { of: view, on } = props;
  const { verdict, also, remark } = view;
  const { t } = useMeshTranslation();
  const { level, sentence } = ledByLevel(verdict.sentence, {
    inEnglish: viewMessages.levels[verdict.level],
    words: t(`levels.${verdict.level}`),
  });

  return (
    <>
      <VerdictBox level={verdict.level} below={<Also of={also} on={on} />}>
        {level && <strong>{level}. </strong>}
        {sentence} <Elsewhere tab={verdict.tab} on={on} />{' '}
        <small className={styles.window}>{t(`windows.${HEALTH_WINDOW}`)}</small>
      </VerdictBox>
      {remark && <Remark of={remark} />}
    </>
  );
}

/** What is not said first. */
function Also(props: { of: readonly Verdict[]; on: MeshTab }) {
  const { of: others, on } = props;
  const { t } = useMeshTranslation();
  return others.length > 0 ? (
    <ul className={styles.also} aria-label={t('verdict.also')}>
      {others.map(({ level, sentence, tab }) => (
        <li key={sentence}>
          <StatusMark level={level}>
            {sentence} <Elsewhere tab={tab} on={on} />
          </StatusMark>
        </li>
      ))}
    </ul>
  ) : null;
}

/** The tab that shows why, unless the reader is there. */
function Elsewhere(props: { tab: Verdict['tab']; on: MeshTab }) {
  const { tab, on } = props;
  const tabLink = useTabLink();
  const { t } = useMeshTranslation();
  return tab && tab !== on && tab !== 'overview' ? (
    // A sentence leads to the traces only where requests fail.
    <Link href={tabLink(tab, tab === 'traces' ? ERRORS_ONLY : {})}>
      {t('verdict.see', { tab: t(`tabs.${tab}`) })}
    </Link>
  ) : null;
}

/** What is well needs no mark: under a worse verdict it would read as the friendlier one. */
function Remark(props: { of: Verdict }) {
  const { level, sentence } = props.of;
  return (
    <p className={styles.remark}>
      {level === 'ok' ? (
        sentence
      ) : (
        <StatusMark level={level}>{sentence}</StatusMark>
      )}
    </p>
  );
}
