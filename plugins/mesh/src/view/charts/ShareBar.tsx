import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from './ShareBar.module.css';

/** A configured share as a bar with the live one as a mark on it, and both in words. */
export function ShareBar(props: { configured: number; live?: number }) {
  const { configured, live } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <div className={styles.share}>
      <span className={styles.words}>
        <strong>{format.share(configured)}</strong>
        {/* A line may end between the two, but inside neither. */}{' '}
        {live !== undefined && (
          <span className={styles.live}>
            {t('share.now', { share: format.share(live) })}
          </span>
        )}
      </span>
      <svg
        className={styles.bar}
        aria-hidden
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
      >
        <rect className={styles.track} width="100" height="8" rx="2" />
        <rect className={styles.fill} width={configured * 100} height="8" />
        {live !== undefined && (
          <rect
            className={styles.mark}
            x={Math.min(99, Math.max(0, live * 100 - 0.5))}
            width="1"
            height="8"
          />
        )}
      </svg>
    </div>
  );
}
