import type { ScrapeTimes } from '../ScrapeTimes';
import type { Series, SeriesSource } from '../Series';
import { aggregate, pickExtremes } from './aggregate';
import { applyBinary } from './binary';
import type { Expression, VectorSelector } from './expressions';
import { callFunction } from './functions';
import { QueryError } from './QueryError';
import { rateAt, RateFunction } from './rate';
import { emptyRow, mapRows, QueryValue, Row, setValue } from './values';

/** How long a sample counts after it was taken. */
const LOOKBACK_MS = 300_000;
/** Values that one selector may load; beyond it Prometheus gives up too. */
const MOST_VALUES = 20_000_000;

/** Evaluates expressions at many instants at once. */
export class Evaluator {
  static create(options: {
    source: SeriesSource;
    scrapes: ScrapeTimes;
    /** Milliseconds, ascending. */
    times: Float64Array;
  }): Evaluator {
    return new Evaluator(options.source, options.scrapes, options.times);
  }

  private constructor(
    private readonly source: SeriesSource,
    private readonly scrapes: ScrapeTimes,
    private readonly times: Float64Array,
  ) {}

  evaluate(expression: Expression): QueryValue {
    switch (expression.type) {
      case 'number':
        return {
          type: 'scalar',
          values: this.times.map(() => expression.value),
        };
      case 'string':
        return { type: 'string', value: expression.value };
      case 'vector':
        return { type: 'vector', rows: this.select(expression) };
      case 'range':
        throw QueryError.badData(
          'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
        );
      case 'negation': {
        const operand = this.evaluate(expression.operand);
        return operand.type === 'scalar'
          ? { type: 'scalar', values: operand.values.map(value => -value) }
          : { type: 'vector', rows: mapRows(rowsOf(operand), value => -value) };
      }
      case 'call':
        return this.call(expression);
      case 'aggregate': {
        const rows = rowsOf(this.evaluate(expression.operand));
        if (!expression.parameter) {
          return { type: 'vector', rows: aggregate(expression, rows) };
        }
        const count = this.evaluate(expression.parameter);
        return {
          type: 'vector',
          rows: pickExtremes(
            expression,
            rows,
            count.type === 'scalar' ? count.values : this.times.map(() => 0),
          ),
        };
      }
      default:
        return applyBinary(
          expression,
          this.evaluate(expression.left),
          this.evaluate(expression.right),
        );
    }
  }

  private call(call: Extract<Expression, { type: 'call' }>): QueryValue {
    const [range] = call.args;
    if (range?.type === 'range') {
      return {
        type: 'vector',
        rows: this.rates(call.name as RateFunction, range),
      };
    }
    return callFunction(
      call,
      call.args.map(part => this.evaluate(part)),
      this.times,
    );
  }

  private select(selector: VectorSelector): Row[] {
    return this.seriesOf(selector).map(series => {
      const row = emptyRow(series.labels, this.times.length);
      this.times.forEach((time, step) => {
        const at = this.scrapes.atOrBefore(time - selector.offsetMs);
        if (
          at >= series.fromMs &&
          time - selector.offsetMs - at < LOOKBACK_MS
        ) {
          setValue(row, step, series.valueAt(at));
        }
      });
      return row;
    });
  }

  private rates(
    name: RateFunction,
    range: Extract<Expression, { type: 'range' }>,
  ): Row[] {
    const { selector, rangeMs } = range;
    return this.seriesOf(selector).map(series => {
      const { __name__: _, ...labels } = series.labels;
      const row = emptyRow(labels, this.times.length);
      this.times.forEach((time, step) => {
        const value = rateAt(
          name,
          series,
          this.scrapes,
          time - selector.offsetMs,
          rangeMs,
        );
        if (value !== undefined) {
          setValue(row, step, value);
        }
      });
      return row;
    });
  }

  private seriesOf(selector: VectorSelector): Series[] {
    const series = this.source.select(selector.matchers);
    if (series.length * this.times.length > MOST_VALUES) {
      throw QueryError.execution(
        'query processing would load too many samples into memory in query execution',
      );
    }
    return series;
  }
}

function rowsOf(value: QueryValue): Row[] {
  return value.type === 'vector' ? value.rows : [];
}
