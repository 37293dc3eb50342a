import type { Labels } from '../traffic/metrics/labels';
import { Evaluator } from './promql/Evaluator';
import { Expression, valueTypeOf, VectorSelector } from './promql/expressions';
import { parseQuery } from './promql/parseQuery';
import { QueryError } from './promql/QueryError';
import type { Row } from './promql/values';
import type { ScrapeTimes } from './ScrapeTimes';
import type { Series, SeriesSource } from './Series';

/** A point as Prometheus writes it: seconds, and the value as text. */
type Point = [number, string];

/** The `data` of a query's answer. */
export type QueryData =
  | { resultType: 'scalar'; result: Point }
  | { resultType: 'string'; result: Point }
  | { resultType: 'vector'; result: { metric: Labels; value: Point }[] }
  | { resultType: 'matrix'; result: { metric: Labels; values: Point[] }[] };

/** Prometheus' own bound for a range query. */
const MOST_POINTS = 11_000;

/** Answers queries in the shapes of Prometheus' HTTP API. */
export class Queries {
  static create(options: {
    source: SeriesSource;
    scrapes: ScrapeTimes;
  }): Queries {
    return new Queries(options.source, options.scrapes);
  }

  private constructor(
    private readonly source: SeriesSource,
    private readonly scrapes: ScrapeTimes,
  ) {}

  instant(query: string, timeMs: number): QueryData {
    const expression = parseQuery(query);
    if (expression.type === 'range') {
      return {
        resultType: 'matrix',
        result: this.samples(expression, timeMs),
      };
    }
    const value = this.evaluate(expression, Float64Array.of(timeMs));
    switch (value.type) {
      case 'scalar':
        return {
          resultType: 'scalar',
          result: point(timeMs, value.values[0]),
        };
      case 'string':
        return {
          resultType: 'string',
          result: [timeMs / 1000, value.value],
        };
      default:
        return {
          resultType: 'vector',
          result: value.rows
            .filter(row => row.present[0])
            .map(row => ({
              metric: row.labels,
              value: point(timeMs, row.values[0]),
            })),
        };
    }
  }

  range(
    query: string,
    window: { startMs: number; endMs: number; stepMs: number },
  ): QueryData {
    const { startMs, endMs, stepMs } = window;
    if (endMs < startMs) {
      throw QueryError.badData(
        'invalid parameter "end": end timestamp must not be before start time',
      );
    }
    if (!(stepMs > 0)) {
      throw QueryError.badData(
        'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    }
    const steps = Math.floor((endMs - startMs) / stepMs) + 1;
    if (steps > MOST_POINTS) {
      throw QueryError.badData(
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    }
    const expression = parseQuery(query);
    if (!['scalar', 'vector'].includes(valueTypeOf(expression))) {
      throw QueryError.badData(
        'invalid parameter "query": invalid expression type for range query, must be Scalar or instant Vector',
      );
    }
    const times = Float64Array.from(
      { length: steps },
      (_, step) => startMs + step * stepMs,
    );
    const value = this.evaluate(expression, times);
    const rows: Row[] =
      value.type === 'vector'
        ? value.rows
        : [
            {
              labels: {},
              values:
                value.type === 'scalar' ? value.values : times.map(() => NaN),
              present: new Uint8Array(steps).fill(1),
            },
          ];
    return {
      resultType: 'matrix',
      result: rows
        .map(row => ({ metric: row.labels, values: pointsOf(row, times) }))
        .filter(({ values }) => values.length > 0)
        .sort((a, b) =>
          JSON.stringify(a.metric) < JSON.stringify(b.metric) ? -1 : 1,
        ),
    };
  }

  /** The series that any of the selectors finds. */
  series(
    selectors: readonly VectorSelector[],
    window: { startMs: number; endMs: number },
  ): Series[] {
    const found = new Map<Labels, Series>();
    for (const { matchers } of selectors) {
      for (const series of this.source.select(matchers)) {
        if (
          series.fromMs <= window.endMs &&
          this.scrapes.atOrBefore(window.endMs) >=
            Math.max(series.fromMs, window.startMs - this.scrapes.intervalMs)
        ) {
          found.set(series.labels, series);
        }
      }
    }
    return [...found.values()];
  }

  private evaluate(expression: Expression, times: Float64Array) {
    return Evaluator.create({
      source: this.source,
      scrapes: this.scrapes,
      times,
    }).evaluate(expression);
  }

  /** The raw samples of a range selector, at most as many as a range query may have. */
  private samples(
    { selector, rangeMs }: Extract<Expression, { type: 'range' }>,
    timeMs: number,
  ): { metric: Labels; values: Point[] }[] {
    const endMs = timeMs - selector.offsetMs;
    return this.source.select(selector.matchers).flatMap(series => {
      const values: Point[] = [];
      const lastMs = this.scrapes.atOrBefore(endMs);
      const firstMs = Math.max(
        this.scrapes.after(endMs - rangeMs),
        this.scrapes.atOrAfter(series.fromMs),
        lastMs - MOST_POINTS * this.scrapes.intervalMs,
      );
      for (let at = firstMs; at <= lastMs; at += this.scrapes.intervalMs) {
        values.push(point(at, series.valueAt(at)));
      }
      return values.length > 0 ? [{ metric: series.labels, values }] : [];
    });
  }
}

function pointsOf(row: Row, times: Float64Array): Point[] {
  const points: Point[] = [];
  times.forEach((time, step) => {
    if (row.present[step]) {
      points.push(point(time, row.values[step]));
    }
  });
  return points;
}

function point(timeMs: number, value: number): Point {
  return [timeMs / 1000, numberText(value)];
}

/** A number as Prometheus writes it. */
export function numberText(value: number): string {
  if (value === Infinity) {
    return '+Inf';
  }
  return value === -Infinity ? '-Inf' : String(value);
}
