import type { ReactNode } from 'react';
import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiQuestionFill,
} from '@remixicon/react';
import type { Verdict } from '@meshdeck/plugin-mesh-common';
import styles from './VerdictBox.module.css';

const ICONS = {
  ok: RiCheckboxCircleFill,
  warning: RiAlertFill,
  error: RiCloseCircleFill,
  unknown: RiQuestionFill,
};

/** The sentence at the top of a page, told to screen readers when it changes. */
export function VerdictBox(props: {
  level: Verdict['level'];
  label?: string;
  children: ReactNode;
  /** Less than the sentence. */
  below?: ReactNode;
}) {
  const { level, label, children, below } = props;
  const Icon = ICONS[level];
  return (
    <div
      className={`${styles.verdict} ${styles[level]}`}
      role="status"
      aria-label={label}
    >
      <Icon size={22} aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <p className={styles.sentence}>{children}</p>
        {below}
      </div>
    </div>
  );
}
