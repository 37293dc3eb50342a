import LinearProgress from '@material-ui/core/LinearProgress';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from './frame.module.css';

/** Over what answers an older question, while the answer to the newest one is on its way. */
export function LoadingBar() {
  const { t } = useMeshTranslation();
  return (
    <LinearProgress aria-label={t('view.loading')} className={styles.loading} />
  );
}
