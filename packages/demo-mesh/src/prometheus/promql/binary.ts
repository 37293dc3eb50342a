import type { BinaryExpression, BinaryOperator } from './expressions';
import { QueryError } from './QueryError';
import {
  emptyRow,
  keyOf,
  omitLabels,
  pickLabels,
  QueryValue,
  Row,
  setValue,
  withoutName,
} from './values';

const COMPARISONS = ['==', '!=', '>', '<', '>=', '<='];

export function isComparison(operator: BinaryOperator): boolean {
  return COMPARISONS.includes(operator);
}

export function compute(
  operator: BinaryOperator,
  left: number,
  right: number,
): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '>':
      return Number(left > right);
    case '<':
      return Number(left < right);
    case '>=':
      return Number(left >= right);
    default:
      return Number(left <= right);
  }
}

/** An operator between two results, by Prometheus' rules for matching series. */
export function applyBinary(
  expression: BinaryExpression,
  left: QueryValue,
  right: QueryValue,
): QueryValue {
  const { operator } = expression;
  if (left.type === 'scalar' && right.type === 'scalar') {
    return {
      type: 'scalar',
      values: left.values.map((value, step) =>
        compute(operator, value, right.values[step]),
      ),
    };
  }
  if (left.type === 'vector' && right.type === 'vector') {
    return {
      type: 'vector',
      rows: ['and', 'or', 'unless'].includes(operator)
        ? combineSets(expression, left.rows, right.rows)
        : matchRows(expression, left.rows, right.rows),
    };
  }
  const [vector, scalar] =
    left.type === 'vector' ? [left, right] : [right, left];
  if (vector.type !== 'vector' || scalar.type !== 'scalar') {
    throw QueryError.execution('a string has no arithmetic');
  }
  const swapped = vector === right;
  return {
    type: 'vector',
    rows: vector.rows.map(row =>
      combineRow(expression, row, (value, step) =>
        swapped ? [scalar.values[step], value] : [value, scalar.values[step]],
      ),
    ),
  };
}

/** The row with the operator applied; a comparison keeps the row's own value where it holds. */
function combineRow(
  { operator, bool }: BinaryExpression,
  row: Row,
  operands: (value: number, step: number) => [number, number],
): Row {
  const filters = isComparison(operator) && !bool;
  const result = emptyRow(
    filters ? row.labels : withoutName(row.labels),
    row.values.length,
  );
  row.present.forEach((there, step) => {
    if (!there) {
      return;
    }
    const computed = compute(operator, ...operands(row.values[step], step));
    if (!filters) {
      setValue(result, step, computed);
    } else if (computed === 1) {
      setValue(result, step, row.values[step]);
    }
  });
  return result;
}

function signatureOf(
  { mode, labels }: BinaryExpression['matching'],
  row: Row,
): string {
  return keyOf(
    mode === 'on'
      ? pickLabels(row.labels, labels)
      : omitLabels(row.labels, labels),
  );
}

function bySignature(
  matching: BinaryExpression['matching'],
  rows: readonly Row[],
): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = signatureOf(matching, row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

function combineSets(
  { operator, matching }: BinaryExpression,
  left: readonly Row[],
  right: readonly Row[],
): Row[] {
  const isOr = operator === 'or';
  const [kept, others] = isOr ? [right, left] : [left, right];
  const otherGroups = bySignature(matching, others);
  const wanted = operator === 'and' ? 1 : 0;
  const filtered = kept.map(row => {
    const partners = otherGroups.get(signatureOf(matching, row)) ?? [];
    const result = emptyRow(row.labels, row.values.length);
    row.present.forEach((there, step) => {
      const met = partners.some(partner => partner.present[step]) ? 1 : 0;
      if (there && met === wanted) {
        setValue(result, step, row.values[step]);
      }
    });
    return result;
  });
  return isOr ? [...left, ...filtered] : filtered;
}

function matchRows(
  expression: BinaryExpression,
  left: readonly Row[],
  right: readonly Row[],
): Row[] {
  const { matching } = expression;
  const flipped = matching.many === 'right';
  const [many, one] = flipped ? [right, left] : [left, right];
  const ones = bySignature(matching, one);
  const results = new Map<string, Row>();
  for (const row of many) {
    for (const partner of ones.get(signatureOf(matching, row)) ?? []) {
      const labels = resultLabels(expression, row, partner);
      const key = keyOf(labels);
      const result = results.get(key) ?? emptyRow(labels, row.values.length);
      results.set(key, result);
      fillMatch(expression, { row, partner, result, flipped });
    }
  }
  return [...results.values()];
}

function fillMatch(
  { operator, bool, matching }: BinaryExpression,
  match: { row: Row; partner: Row; result: Row; flipped: boolean },
): void {
  const { row, partner, result, flipped } = match;
  const filters = isComparison(operator) && !bool;
  row.present.forEach((there, step) => {
    if (!there || !partner.present[step]) {
      return;
    }
    if (result.present[step]) {
      throw QueryError.execution(
        matching.many
          ? 'multiple matches for labels: grouping labels must ensure unique matches'
          : 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    }
    const [a, b] = flipped
      ? [partner.values[step], row.values[step]]
      : [row.values[step], partner.values[step]];
    const computed = compute(operator, a, b);
    if (!filters) {
      setValue(result, step, computed);
    } else if (computed === 1) {
      setValue(result, step, a);
    }
  });
}

function resultLabels(
  { operator, bool, matching }: BinaryExpression,
  row: Row,
  partner: Row,
): Row['labels'] {
  const named =
    isComparison(operator) && !bool ? row.labels : withoutName(row.labels);
  if (matching.many) {
    return { ...named, ...pickLabels(partner.labels, matching.include) };
  }
  return matching.mode === 'on'
    ? pickLabels(named, matching.labels)
    : Object.fromEntries(
        Object.entries(named).filter(
          ([name]) => !matching.labels.includes(name),
        ),
      );
}
