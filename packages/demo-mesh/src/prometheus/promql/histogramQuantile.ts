import { emptyRow, keyOf, omitLabels, Row, setValue } from './values';

interface Bucket {
  bound: number;
  row: Row;
}

/** `histogram_quantile` over classic buckets: one row for each group of rows that differ in `le` only. */
export function histogramQuantile(
  quantiles: Float64Array,
  rows: readonly Row[],
): Row[] {
  const groups = new Map<
    string,
    { labels: Row['labels']; buckets: Bucket[] }
  >();
  for (const row of rows) {
    const bound = boundOf(row.labels.le);
    if (bound === undefined) {
      continue;
    }
    const labels = omitLabels(row.labels, ['le']);
    const key = keyOf(labels);
    const group = groups.get(key) ?? { labels, buckets: [] };
    groups.set(key, group);
    group.buckets.push({ bound, row });
  }
  return [...groups.values()].map(({ labels, buckets }) => {
    buckets.sort((a, b) => a.bound - b.bound);
    const result = emptyRow(labels, quantiles.length);
    quantiles.forEach((quantile, step) => {
      const there = buckets.filter(({ row }) => row.present[step]);
      if (there.length > 0) {
        setValue(
          result,
          step,
          quantileOf(
            quantile,
            there.map(({ bound, row }) => ({
              bound,
              count: row.values[step],
            })),
          ),
        );
      }
    });
    return result;
  });
}

function boundOf(le: string | undefined): number | undefined {
  if (le === undefined || le === '') {
    return undefined;
  }
  const bound = le === '+Inf' ? Infinity : Number(le);
  return Number.isNaN(bound) ? undefined : bound;
}

/** Source: prometheus promql/quantile.go, bucketQuantile. */
function quantileOf(
  quantile: number,
  sorted: { bound: number; count: number }[],
): number {
  if (Number.isNaN(quantile)) {
    return NaN;
  }
  if (quantile < 0 || quantile > 1) {
    return quantile < 0 ? -Infinity : Infinity;
  }
  if (sorted.length < 2 || sorted[sorted.length - 1].bound !== Infinity) {
    return NaN;
  }
  let highest = -Infinity;
  const buckets = sorted.map(({ bound, count }) => {
    highest = Math.max(highest, count);
    return { bound, count: highest };
  });
  const total = buckets[buckets.length - 1].count;
  if (!(total > 0)) {
    return NaN;
  }
  const rank = quantile * total;
  const found = buckets.slice(0, -1).findIndex(bucket => bucket.count >= rank);
  if (found < 0) {
    return buckets[buckets.length - 2].bound;
  }
  if (found === 0 && buckets[0].bound <= 0) {
    return buckets[0].bound;
  }
  const below = found > 0 ? buckets[found - 1] : { bound: 0, count: 0 };
  const within = buckets[found].count - below.count;
  return (
    below.bound +
    (buckets[found].bound - below.bound) * ((rank - below.count) / within)
  );
}
