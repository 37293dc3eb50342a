import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { Text } from '@backstage/ui';
import type { CanaryVersion, Figure } from '@meshdeck/plugin-mesh-common';
import { Section } from '../frame/Section';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { timeTicks, valueTicks } from './axisTicks';
import { chartRows, timeSpan } from './chartRows';
import styles from './CanaryTab.module.css';

/** Versions differ by colour and by dash. */
const STROKES = [
  { stroke: 'var(--bui-fg-secondary)', strokeDasharray: undefined },
  { stroke: 'var(--bui-fg-announcement)', strokeDasharray: '7 4' },
  { stroke: 'var(--bui-fg-warning)', strokeDasharray: '2 3' },
  { stroke: 'var(--bui-fg-positive)', strokeDasharray: '9 3 2 3' },
];

function strokeOf(index: number) {
  return STROKES[index % STROKES.length];
}

function Chart(props: {
  title: string;
  versions: CanaryVersion[];
  figureOf: (version: CanaryVersion) => Figure;
  span: [number, number];
  format: (value: number) => string;
  /** The smallest difference that the format shows. */
  finest: number;
  /** The axis reaches at least this far. */
  reaches?: number;
}) {
  const {
    title,
    versions,
    figureOf,
    span,
    format,
    finest,
    reaches = 0,
  } = props;
  const { t } = useMeshTranslation();
  const { clock } = useFormat();
  const rows = chartRows(versions, figureOf);
  const ticks = valueTicks(
    Math.max(reaches, ...rows.flatMap(({ values }) => Object.values(values))),
    finest,
  );
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
      <div className={styles.chart} aria-hidden>
        <ResponsiveContainer
          width="100%"
          height={200}
          initialDimension={{ width: 480, height: 200 }}
        >
          <LineChart
            data={rows}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--bui-border-1)" vertical={false} />
            <XAxis
              dataKey="time"
              type="number"
              domain={span}
              ticks={timeTicks(span)}
              tickFormatter={seconds => clock(seconds * 1000).slice(0, 5)}
              stroke="var(--bui-fg-secondary)"
              tick={{ fill: 'var(--bui-fg-secondary)' }}
              minTickGap={40}
            />
            <YAxis
              domain={[0, ticks[ticks.length - 1]]}
              ticks={ticks}
              width={76}
              tickFormatter={format}
              stroke="var(--bui-fg-secondary)"
              tick={{ fill: 'var(--bui-fg-secondary)' }}
            />
            <Tooltip
              formatter={value =>
                typeof value === 'number' ? format(value) : String(value)
              }
              labelFormatter={seconds => clock(Number(seconds) * 1000)}
              contentStyle={{
                background: 'var(--bui-bg-neutral-1)',
                border: '1px solid var(--bui-border-2)',
                borderRadius: 4,
                color: 'var(--bui-fg-primary)',
              }}
            />
            {versions.map(({ subset }, index) => (
              <Line
                key={subset}
                dataKey={row => row.values[subset]}
                name={subset}
                dot={false}
                strokeWidth={2}
                isAnimationActive={false}
                connectNulls
                {...strokeOf(index)}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </Section>
  );
}

/** Requests, errors, latencies and saturation of all versions on the same axes of time. */
export function VersionCharts(props: { versions: CanaryVersion[] }) {
  const { versions } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const span = timeSpan(versions);
  if (!span) {
    return null;
  }
  const hasSaturation = versions.some(
    ({ saturation }) => saturation.share.points.length > 0,
  );
  return (
    <div className={styles.chartsBox}>
      <div className={styles.charts}>
        <Chart
          title={t('canary.requests')}
          versions={versions}
          figureOf={version => version.requestsPerSecond}
          span={span}
          format={format.rate}
          finest={0.01}
        />
        <Chart
          title={t('canary.errors')}
          versions={versions}
          figureOf={version => version.errorShare}
          span={span}
          format={format.share}
          finest={0.001}
        />
        <Chart
          title={t('canary.p50')}
          versions={versions}
          figureOf={version => version.p50Ms}
          span={span}
          format={format.ms}
          finest={1}
        />
        <Chart
          title={t('canary.p99')}
          versions={versions}
          figureOf={version => version.p99Ms}
          span={span}
          format={format.ms}
          finest={1}
        />
        {hasSaturation ? (
          <Chart
            title={t('canary.saturation')}
            versions={versions}
            figureOf={version => version.saturation.share}
            span={span}
            format={format.share}
            finest={0.001}
            // So that one sees how far away full is.
            reaches={1}
          />
        ) : (
          <Section title={t('canary.saturation')}>
            <Text>{t('canary.noCourse')}</Text>
          </Section>
        )}
      </div>
    </div>
  );
}
