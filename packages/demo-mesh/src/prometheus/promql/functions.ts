import type { Expression } from './expressions';
import { histogramQuantile } from './histogramQuantile';
import { labelReplace } from './labelReplace';
import { QueryError } from './QueryError';
import { emptyRow, mapRows, QueryValue, Row, setValue } from './values';

type Call = Extract<Expression, { type: 'call' }>;

/** All functions but those over ranges. The parser has checked the arguments' types. */
export function callFunction(
  call: Call,
  args: readonly QueryValue[],
  times: Float64Array,
): QueryValue {
  const rows = (index: number): Row[] => {
    const value = args[index];
    return value.type === 'vector' ? value.rows : [];
  };
  const numbers = (index: number): Float64Array => {
    const value = args[index];
    return value.type === 'scalar' ? value.values : times.map(() => NaN);
  };
  const text = (index: number): string => {
    const value = args[index];
    return value.type === 'string' ? value.value : '';
  };
  const vector = (result: Row[]): QueryValue => ({
    type: 'vector',
    rows: result,
  });
  switch (call.name) {
    case 'time':
      return { type: 'scalar', values: times.map(time => time / 1000) };
    case 'scalar':
      return { type: 'scalar', values: toScalar(rows(0), times) };
    case 'vector': {
      const row = emptyRow({}, times.length);
      numbers(0).forEach((value, step) => setValue(row, step, value));
      return vector([row]);
    }
    case 'abs':
      return vector(mapRows(rows(0), Math.abs));
    case 'clamp_min':
      return vector(
        mapRows(rows(0), (value, step) => Math.max(value, numbers(1)[step])),
      );
    case 'clamp_max':
      return vector(
        mapRows(rows(0), (value, step) => Math.min(value, numbers(1)[step])),
      );
    case 'round':
      return vector(
        mapRows(rows(0), (value, step) => {
          const inverse = 1 / (args[1] ? numbers(1)[step] : 1);
          return Math.floor(value * inverse + 0.5) / inverse;
        }),
      );
    case 'absent':
      return vector(absent(call.args[0], rows(0), times));
    case 'histogram_quantile':
      return vector(histogramQuantile(numbers(0), rows(1)));
    case 'label_replace':
      return vector(
        labelReplace(rows(0), {
          target: text(1),
          replacement: text(2),
          source: text(3),
          pattern: text(4),
        }),
      );
    default:
      throw QueryError.execution(`function ${call.name} is not supported`);
  }
}

function toScalar(rows: readonly Row[], times: Float64Array): Float64Array {
  return times.map((_, step) => {
    const there = rows.filter(row => row.present[step]);
    return there.length === 1 ? there[0].values[step] : NaN;
  });
}

/** 1 where nothing is there, with the labels that the selector fixes. */
function absent(
  operand: Expression,
  rows: readonly Row[],
  times: Float64Array,
): Row[] {
  const fixed =
    operand.type === 'vector'
      ? operand.matchers.filter(
          ({ operator, label }) => operator === '=' && label !== '__name__',
        )
      : [];
  const row = emptyRow(
    Object.fromEntries(fixed.map(({ label, value }) => [label, value])),
    times.length,
  );
  times.forEach((_, step) => {
    if (!rows.some(({ present }) => present[step])) {
      setValue(row, step, 1);
    }
  });
  return [row];
}
