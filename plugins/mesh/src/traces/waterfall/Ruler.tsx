import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { roundTicks } from './roundTicks';
import styles from './Waterfall.module.css';

/** Nearer to the end than this, a mark is written before its place and not around it. */
const NEAR_END = 0.94;

/** The time above the bars. */
export function Ruler(props: { durationMs: number }) {
  const { durationMs } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <div className={styles.ruler} aria-hidden>
      <span>{t('waterfall.name')}</span>
      <div className={styles.marks}>
        {roundTicks(durationMs).map(tick => (
          <span
            key={tick}
            className={tick > durationMs * NEAR_END ? styles.atEnd : undefined}
            style={{ left: `${(tick / durationMs) * 100}%` }}
          >
            {format.ms(tick)}
          </span>
        ))}
      </div>
      <span className={styles.duration}>{t('traces.duration')}</span>
    </div>
  );
}
