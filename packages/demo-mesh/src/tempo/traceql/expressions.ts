/** A value that a query writes out. */
export type Literal =
  | { type: 'string'; value: string }
  | { type: 'number'; value: number }
  /** Nanoseconds. */
  | { type: 'duration'; value: number }
  | { type: 'boolean'; value: boolean }
  | { type: 'status'; value: string }
  | { type: 'kind'; value: string };

/** What a query asks a span for. */
export type Field =
  | { type: 'attribute'; scope: 'span' | 'resource' | 'any'; name: string }
  | { type: 'intrinsic'; name: Intrinsic };

export type Intrinsic =
  | 'name'
  | 'status'
  | 'statusMessage'
  | 'kind'
  | 'duration'
  | 'traceDuration'
  | 'rootName'
  | 'rootServiceName'
  | 'trace:id'
  | 'span:id';

export type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '=~' | '!~';

export type Condition =
  | { type: 'and' | 'or'; left: Condition; right: Condition }
  | { type: 'not'; operand: Condition }
  | { type: 'comparison'; field: Field; operator: Operator; literal: Literal }
  /** A field that is true itself. */
  | { type: 'field'; field: Field }
  | { type: 'constant'; value: boolean };

/** The fields that a condition mentions. */
export function fieldsOf(condition: Condition): Field[] {
  switch (condition.type) {
    case 'and':
    case 'or':
      return [...fieldsOf(condition.left), ...fieldsOf(condition.right)];
    case 'not':
      return fieldsOf(condition.operand);
    case 'constant':
      return [];
    default:
      return [condition.field];
  }
}

/** What every match must be equal to. */
export function requiredEqualities(
  condition: Condition,
): { field: Field; literal: Literal }[] {
  if (condition.type === 'and') {
    return [
      ...requiredEqualities(condition.left),
      ...requiredEqualities(condition.right),
    ];
  }
  return condition.type === 'comparison' && condition.operator === '='
    ? [condition]
    : [];
}
