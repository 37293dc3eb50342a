import type { AggregateExpression } from './expressions';
import {
  emptyRow,
  keyOf,
  omitLabels,
  pickLabels,
  Row,
  setValue,
} from './values';

/** `sum`, `avg`, `min`, `max`, `count`: one row for each group. */
export function aggregate(
  { operator, grouping }: AggregateExpression,
  rows: readonly Row[],
): Row[] {
  return groupsOf(grouping, rows).map(({ labels, members }) => {
    const result = emptyRow(labels, members[0].values.length);
    for (let step = 0; step < result.values.length; step++) {
      const values: number[] = [];
      for (const { present, values: own } of members) {
        if (present[step]) {
          values.push(own[step]);
        }
      }
      if (values.length > 0) {
        setValue(result, step, combine(operator, values));
      }
    }
    return result;
  });
}

function combine(
  operator: AggregateExpression['operator'],
  values: readonly number[],
): number {
  switch (operator) {
    case 'count':
      return values.length;
    case 'min':
      return values.reduce((a, b) => (b < a || Number.isNaN(a) ? b : a));
    case 'max':
      return values.reduce((a, b) => (b > a || Number.isNaN(a) ? b : a));
    case 'avg':
      return values.reduce((a, b) => a + b, 0) / values.length;
    default:
      return values.reduce((a, b) => a + b, 0);
  }
}

/** `topk` and `bottomk`: of each group the members with the greatest or smallest values, with all their labels. */
export function pickExtremes(
  { operator, grouping }: AggregateExpression,
  rows: readonly Row[],
  count: Float64Array,
): Row[] {
  const direction = operator === 'topk' ? -1 : 1;
  const results = new Map<Row, Row>();
  for (const { members } of groupsOf(grouping, rows)) {
    for (let step = 0; step < count.length; step++) {
      members
        .filter(row => row.present[step])
        .sort((a, b) => direction * (a.values[step] - b.values[step]))
        .slice(0, Math.max(Math.trunc(count[step]), 0))
        .forEach(row => {
          const result =
            results.get(row) ?? emptyRow(row.labels, row.values.length);
          results.set(row, result);
          setValue(result, step, row.values[step]);
        });
    }
  }
  return [...results.values()];
}

function groupsOf(
  { mode, labels: names }: AggregateExpression['grouping'],
  rows: readonly Row[],
) {
  const groups = new Map<string, { labels: Row['labels']; members: Row[] }>();
  for (const row of rows) {
    const labels =
      mode === 'by'
        ? pickLabels(row.labels, names)
        : omitLabels(row.labels, names);
    const key = keyOf(labels);
    const group = groups.get(key) ?? { labels, members: [] };
    groups.set(key, group);
    group.members.push(row);
  }
  return [...groups.values()];
}
