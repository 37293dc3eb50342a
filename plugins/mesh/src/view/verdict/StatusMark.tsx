import type { ReactNode } from 'react';
import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiInformationFill,
  RiQuestionFill,
} from '@remixicon/react';
import styles from './StatusMark.module.css';

export type StatusLevel = 'ok' | 'info' | 'warning' | 'error' | 'unknown';

const ICONS = {
  ok: RiCheckboxCircleFill,
  info: RiInformationFill,
  warning: RiAlertFill,
  error: RiCloseCircleFill,
  unknown: RiQuestionFill,
};

/** A state in three ways at once: a shape, words and, last, a colour. */
export function StatusMark(props: {
  level: StatusLevel;
  children: ReactNode;
  size?: number;
}) {
  const { level, children, size = 16 } = props;
  const Icon = ICONS[level];
  return (
    <span className={`${styles.mark} ${styles[level]}`}>
      <Icon size={size} aria-hidden className={styles.icon} />
      <span className={styles.words}>{children}</span>
    </span>
  );
}
