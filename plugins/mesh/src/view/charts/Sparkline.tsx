import { useId } from 'react';
import type { Figure } from '@meshdeck/plugin-mesh-common';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import { LineSegment, linePoints, type ChartScale } from './LineSegment';
import { splitAtGaps, type Point } from './splitAtGaps';
import styles from './Sparkline.module.css';

const WIDTH = 96;
const HEIGHT = 24;
const INSET = 2;

function meanOf(points: Point[]): number | undefined {
  return points.length < 2
    ? undefined
    : points.reduce((sum, [, value]) => sum + value, 0) / points.length;
}

function scaleOf(points: Point[], earlier: Point[]): ChartScale {
  // A flat line that is nearly zero must not look like a mountain range.
  const both = [...points, ...earlier].map(([, value]) => value);
  const bottom = Math.min(0, ...both);
  const peak = Math.max(...both);
  const top = peak > bottom ? peak : bottom + 1;
  const [from] = points[0];
  const [to] = points[points.length - 1];
  return {
    x: time => INSET + ((time - from) / (to - from || 1)) * (WIDTH - 2 * INSET),
    y: value =>
      HEIGHT -
      INSET -
      ((value - bottom) / (top - bottom)) * (HEIGHT - 2 * INSET),
  };
}

function inWords(of: {
  name: string;
  points: Point[];
  earlier: Point[];
  format: (value: number) => string;
  t: Translate;
}): string {
  const { name, points, earlier, format, t } = of;
  const values = points.map(([, value]) => value);
  const beforeMean = meanOf(earlier);
  const now = t('sparkline.words', {
    name,
    first: format(values[0]),
    last: format(values[values.length - 1]),
    lowest: format(Math.min(...values)),
    highest: format(Math.max(...values)),
  });
  return beforeMean === undefined
    ? now
    : `${now}${t('sparkline.before', { mean: format(beforeMean) })}`;
}

function Line(props: { points: Point[]; scale: ChartScale }) {
  const { points, scale } = props;
  return (
    <>
      {splitAtGaps(points).map(segment => (
        <g key={segment[0][0]}>
          {segment.length > 1 && (
            <polygon
              className={styles.area}
              points={`${scale.x(segment[0][0])},${HEIGHT} ${linePoints(
                segment,
                scale,
              )} ${scale.x(segment[segment.length - 1][0])},${HEIGHT}`}
            />
          )}
          <LineSegment
            segment={segment}
            scale={scale}
            lineClass={styles.line}
            dotClass={styles.dot}
          />
        </g>
      ))}
    </>
  );
}

/** The recent history of a figure, as large as a word. */
export function Sparkline(props: {
  figure: Figure;
  name: string;
  format: (value: number) => string;
  /** The same a day before, drawn faintly behind. */
  dayBefore?: Figure;
}) {
  const { figure, name, format, dayBefore } = props;
  const titleId = useId();
  const { t } = useMeshTranslation();
  const { points } = figure;
  if (points.length < 2) {
    return <span className={styles.none}>{t('sparkline.none')}</span>;
  }

  const earlier = dayBefore?.points ?? [];
  const scale = scaleOf(points, earlier);

  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-labelledby={titleId}
    >
      <title id={titleId}>
        {inWords({ name, points, earlier, format, t })}
      </title>
      {splitAtGaps(earlier)
        .filter(segment => segment.length > 1)
        .map(segment => (
          <polyline
            key={segment[0][0]}
            className={styles.before}
            points={linePoints(segment, scale)}
          />
        ))}
      <Line points={points} scale={scale} />
    </svg>
  );
}
