import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from './Waterfall.module.css';

const MARKS = [0, 0.25, 0.5, 0.75, 1];

/** The time above the bars. */
export function Ruler(props: { durationMs: number }) {
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <div className={styles.ruler} aria-hidden>
      <span>{t('waterfall.name')}</span>
      <div className={styles.marks}>
        {MARKS.map(mark => (
          <span key={mark} style={{ left: `${mark * 100}%` }}>
            {format.ms(mark * props.durationMs)}
          </span>
        ))}
      </div>
      <span className={styles.duration}>{t('traces.duration')}</span>
    </div>
  );
}
