import { Alert } from '@backstage/ui';
import { explainError } from './explainError';
import styles from './frame.module.css';

/** What failed, what to do, and what the other side said. */
export function ErrorAlert(props: {
  error: Error;
  title?: string;
  /** What was asked for: to see, or to change something. */
  asked?: 'view' | 'change';
}) {
  const { title, remedy, cause } = explainError(props.error, props.asked);
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={props.title ?? title}
      description={
        <>
          {props.title && `${title}. `}
          {remedy}
          <p className={styles.cause}>{cause}</p>
        </>
      }
    />
  );
}
