/** A condition on one label. */
export interface LabelMatcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

export interface VectorSelector {
  type: 'vector';
  matchers: readonly LabelMatcher[];
  offsetMs: number;
}

/** A parsed PromQL expression, of the part of the language that is supported. */
export type Expression =
  | { type: 'number'; value: number }
  | { type: 'string'; value: string }
  | VectorSelector
  | { type: 'range'; selector: VectorSelector; rangeMs: number }
  | { type: 'negation'; operand: Expression }
  | { type: 'call'; name: string; args: readonly Expression[] }
  | AggregateExpression
  | BinaryExpression;

export interface AggregateExpression {
  type: 'aggregate';
  operator: 'sum' | 'avg' | 'min' | 'max' | 'count' | 'topk' | 'bottomk';
  grouping: { mode: 'by' | 'without'; labels: readonly string[] };
  parameter?: Expression;
  operand: Expression;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '=='
  | '!='
  | '>'
  | '<'
  | '>='
  | '<='
  | 'and'
  | 'or'
  | 'unless';

export interface BinaryExpression {
  type: 'binary';
  operator: BinaryOperator;
  left: Expression;
  right: Expression;
  /** A comparison gives 0 or 1 instead of filtering. */
  bool: boolean;
  matching: {
    mode: 'on' | 'ignoring';
    labels: readonly string[];
    /** Which side may have several series per group. */
    many?: 'left' | 'right';
    /** Labels taken over from the "one" side. */
    include: readonly string[];
  };
}

/** The type of an expression's result. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

const SCALAR_FUNCTIONS = ['time', 'scalar'];

export function valueTypeOf(expression: Expression): ValueType {
  switch (expression.type) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'range':
      return 'matrix';
    case 'negation':
      return valueTypeOf(expression.operand);
    case 'call':
      return SCALAR_FUNCTIONS.includes(expression.name) ? 'scalar' : 'vector';
    case 'binary':
      return valueTypeOf(expression.left) === 'scalar' &&
        valueTypeOf(expression.right) === 'scalar'
        ? 'scalar'
        : 'vector';
    default:
      return 'vector';
  }
}
