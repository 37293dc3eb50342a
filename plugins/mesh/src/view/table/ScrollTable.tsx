import type { ReactNode } from 'react';
import { SCROLLABLE } from '../scrollable';
import styles from './ScrollTable.module.css';

/** A table that scrolls inside its own box where the page is narrow. */
export function ScrollTable(props: {
  label: string;
  head: ReactNode;
  children: ReactNode;
}) {
  const { label, head, children } = props;
  return (
    <div className={styles.box} aria-label={label} {...SCROLLABLE}>
      <table className={styles.table} aria-label={label}>
        <thead>{head}</thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
