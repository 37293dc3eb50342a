import type { ReactNode } from 'react';
import { LoadingBar } from './LoadingBar';
import styles from './frame.module.css';

/** What a page shows: grey where it is a picture of the past, and dimmed while the answer to a newer question is on its way. */
export function ViewContent(props: {
  isOld: boolean;
  superseded: boolean;
  /** Why the newest question has no answer. */
  error: Error | undefined;
  children: ReactNode;
}) {
  const { isOld, superseded, error, children } = props;
  return (
    <div className={styles.answer}>
      {superseded && !error && <LoadingBar />}
      <div
        className={[
          styles.content,
          isOld && styles.old,
          superseded && styles.superseded,
        ]
          .filter(Boolean)
          .join(' ')}
        aria-busy={superseded}
      >
        {children}
      </div>
    </div>
  );
}
