import { Alert } from '@backstage/ui';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { explainError, type Asked } from './explainError';
import styles from '../frame/frame.module.css';

/** What failed, what to do, and what the other side said. */
export function ErrorAlert(props: {
  error: Error;
  title?: string;
  asked?: Asked;
}) {
  const { t } = useMeshTranslation();
  const { title, remedy, cause } = explainError(props.error, t, props.asked);
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
