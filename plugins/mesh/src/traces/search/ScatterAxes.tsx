import { useFormat } from '../../translations/useFormat';
import { HEIGHT, LEFT, type ScatterLayout } from './scatterLayout';
import type { ScatterScale } from './scatterScale';
import styles from '../TracesTab.module.css';

/** Durations upwards, the first and the last start below. */
export function ScatterAxes(props: {
  scale: ScatterScale;
  layout: ScatterLayout;
}) {
  const { scale, layout } = props;
  const { width, y } = layout;
  const format = useFormat();
  return (
    <>
      {scale.durationTicks.map(tick => (
        <g key={tick} aria-hidden>
          <line
            className={styles.gridLine}
            x1={LEFT}
            x2={width}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text
            className={styles.axis}
            x={LEFT - 8}
            y={y(tick) + 4}
            textAnchor="end"
          >
            {format.ms(tick)}
          </text>
        </g>
      ))}
      <g aria-hidden className={styles.axis}>
        <text x={LEFT} y={HEIGHT - 4}>
          {format.clock(scale.from)}
        </text>
        <text x={width} y={HEIGHT - 4} textAnchor="end">
          {format.clock(scale.to)}
        </text>
      </g>
    </>
  );
}
