import { useState, type ComponentProps } from 'react';
import { Text } from '@backstage/ui';
import type { CanaryVersion, Figure } from '@meshdeck/plugin-mesh-common';
import type { Format } from '../../format';
import { Section } from '../../view/frame/Section';
import { useFormat } from '../../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import { Plot } from './Plot';
import { strokeOf } from './strokeOf';
import { timeSpan } from './timeSpan';
import styles from '../CanaryTab.module.css';

interface ChartProps extends Omit<ComponentProps<typeof Plot>, 'lines'> {
  title: string;
  versions: CanaryVersion[];
  figureOf: (version: CanaryVersion) => Figure;
}

function Chart(props: ChartProps) {
  const { title, versions, figureOf, format, ...plot } = props;
  const { t } = useMeshTranslation();
  const now = versions
    .map(version => {
      const { value } = figureOf(version);
      return `${version.subset} ${
        value === undefined ? t('canary.unknown') : format(value)
      }`;
    })
    .join(', ');

  return (
    <Section title={title}>
      <ul className={styles.legend} aria-label={`${title}: ${now}`}>
        {versions.map((version, index) => {
          const { value } = figureOf(version);
          return (
            <li key={version.subset}>
              <svg width="28" height="8" aria-hidden>
                <line
                  x1="0"
                  x2="28"
                  y1="4"
                  y2="4"
                  strokeWidth="2"
                  {...strokeOf(index)}
                />
              </svg>
              {value === undefined
                ? version.subset
                : t('canary.now', {
                    version: version.subset,
                    value: format(value),
                  })}
            </li>
          );
        })}
      </ul>
      <div aria-hidden>
        <Plot
          lines={versions.map(version => ({
            subset: version.subset,
            points: figureOf(version).points,
          }))}
          format={format}
          {...plot}
        />
      </div>
    </Section>
  );
}

type ChartedFigure = Pick<
  ChartProps,
  'title' | 'figureOf' | 'format' | 'finest'
>;

function chartedFigures(t: Translate, format: Format): ChartedFigure[] {
  return [
    {
      title: t('canary.requests'),
      figureOf: version => version.requestsPerSecond,
      format: format.rate,
      finest: 0.01,
    },
    {
      title: t('canary.errors'),
      figureOf: version => version.errorShare,
      format: format.share,
      finest: 0.001,
    },
    {
      title: t('canary.p50'),
      figureOf: version => version.p50Ms,
      format: format.ms,
      finest: 1,
    },
    {
      title: t('canary.p99'),
      figureOf: version => version.p99Ms,
      format: format.ms,
      finest: 1,
    },
  ];
}

/** Requests, errors, latencies and saturation of all versions on the same axes of time. */
export function VersionCharts(props: { versions: CanaryVersion[] }) {
  const { versions } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const span = timeSpan(versions);
  // In one chart the same moment is marked as in the others.
  const [pointedAt, setPointedAt] = useState<number>();
  if (!span) {
    return null;
  }
  const hasSaturation = versions.some(
    ({ saturation }) => saturation.share.points.length > 0,
  );
  const shared = { versions, span, pointedAt, onPoint: setPointedAt };
  return (
    <div className={styles.chartsBox}>
      <div className={styles.charts}>
        {chartedFigures(t, format).map(figure => (
          <Chart key={figure.title} {...figure} {...shared} />
        ))}
        {hasSaturation ? (
          <Chart
            title={t('canary.saturation')}
            figureOf={version => version.saturation.share}
            format={format.share}
            finest={0.001}
            // So that one sees how far away full is.
            reaches={1}
            {...shared}
          />
        ) : (
          <Section title={t('canary.saturation')}>
            <Text>{t('canary.nothingToDraw')}</Text>
          </Section>
        )}
      </div>
    </div>
  );
}
