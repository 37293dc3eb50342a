import { Link } from '@backstage/ui';
import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiQuestionFill,
} from '@remixicon/react';
import type { MeshTab, Verdict } from '@meshdeck/plugin-mesh-common';
import { MESH_TABS } from '../tabs';
import { useTabLink } from './useTabLink';
import styles from './VerdictLine.module.css';

const LEVELS = {
  ok: { words: 'All right', Icon: RiCheckboxCircleFill },
  warning: { words: 'Needs attention', Icon: RiAlertFill },
  error: { words: 'Not all right', Icon: RiCloseCircleFill },
  unknown: { words: 'Not known', Icon: RiQuestionFill },
};

/** The answer to "is it all right?", first thing on every page. */
export function VerdictLine(props: { of: Verdict; on: MeshTab }) {
  const { of: verdict, on } = props;
  const tabLink = useTabLink();
  const { words, Icon } = LEVELS[verdict.level];
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
            See {MESH_TABS[elsewhere].title}
          </Link>
        )}
      </p>
    </div>
  );
}
