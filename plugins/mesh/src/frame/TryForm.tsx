import type { FormEvent, ReactNode } from 'react';
import { StatusMark, type StatusLevel } from './StatusMark';
import styles from './TryForm.module.css';

/** One row of fields that becomes a column where the page is narrow. */
export function TryForm(props: {
  onSubmit: (event: FormEvent) => void;
  children: ReactNode;
}) {
  return (
    <form className={styles.form} onSubmit={props.onSubmit}>
      {props.children}
    </form>
  );
}

/** What came out, told to screen readers when it comes. */
export function TryAnswer(props: { level: StatusLevel; children: ReactNode }) {
  return (
    <div className={styles.answer} role="status">
      <StatusMark level={props.level}>{props.children}</StatusMark>
    </div>
  );
}
