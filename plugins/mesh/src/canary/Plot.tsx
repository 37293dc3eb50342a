import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useFormat } from '../translations/useFormat';
import { timeTicks, valueTicks } from './axisTicks';
import type { ChartRow } from './chartRows';
import { strokeOf } from './strokeOf';

/** Lines over time, one for each version, as large as the box that they are in. */
export default function Plot(props: {
  rows: ChartRow[];
  subsets: string[];
  span: [number, number];
  format: (value: number) => string;
  /** The smallest difference that the format shows. */
  finest: number;
  /** The axis reaches at least this far. */
  reaches?: number;
}) {
  const { rows, subsets, span, format, finest, reaches = 0 } = props;
  const { clock } = useFormat();
  const ticks = valueTicks(
    Math.max(reaches, ...rows.flatMap(({ values }) => Object.values(values))),
    finest,
  );

  return (
    <ResponsiveContainer initialDimension={{ width: 480, height: 200 }}>
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
        {subsets.map((subset, index) => (
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
  );
}
