import type { Condition, Field, Literal, Operator } from './expressions';

/** A span's value for a field; a duration in nanoseconds. */
export type Value = string | number | boolean;

/** Asks a span for a field's values: an attribute without a scope can have two. */
export type ValuesOf = (field: Field) => readonly Value[];

/** Makes a test for spans from a condition. */
export function spanMatcher(
  condition: Condition,
): (valuesOf: ValuesOf) => boolean {
  switch (condition.type) {
    case 'constant':
      return () => condition.value;
    case 'not': {
      const operand = spanMatcher(condition.operand);
      return valuesOf => !operand(valuesOf);
    }
    case 'and':
    case 'or': {
      const left = spanMatcher(condition.left);
      const right = spanMatcher(condition.right);
      return condition.type === 'and'
        ? valuesOf => left(valuesOf) && right(valuesOf)
        : valuesOf => left(valuesOf) || right(valuesOf);
    }
    case 'field':
      return valuesOf =>
        valuesOf(condition.field).some(value => value === true);
    default: {
      const { field, operator, literal } = condition;
      const test = comparator(operator, literal);
      return valuesOf => valuesOf(field).some(test);
    }
  }
}

/** A value of another type than the query's never matches, whatever the operator. */
function comparator(
  operator: Operator,
  literal: Literal,
): (value: Value) => boolean {
  const wanted = literal.value;
  const isAlike = (value: Value) => typeof value === typeof wanted;
  if (operator === '=~' || operator === '!~') {
    const pattern = new RegExp(`^(?:${wanted})$`, 's');
    return value =>
      isAlike(value) && pattern.test(String(value)) === (operator === '=~');
  }
  return value => isAlike(value) && compares(value, operator, wanted);
}

function compares(value: Value, operator: Operator, wanted: Value): boolean {
  switch (operator) {
    case '=':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
    case '<':
      return value < wanted;
    default:
      return value <= wanted;
  }
}
