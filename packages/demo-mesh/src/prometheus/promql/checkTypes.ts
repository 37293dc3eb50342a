import { Expression, ValueType, valueTypeOf } from './expressions';
import { FUNCTIONS } from './functionSignatures';

const NAMES: Record<ValueType, string> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** Refuses what Prometheus' parser refuses: wrong types and counts of arguments. */
export function checkTypes(
  expression: Expression,
  error: (message: string) => Error,
): void {
  const expectType = (
    part: Expression,
    expected: ValueType,
    context: string,
  ) => {
    const actual = valueTypeOf(part);
    if (actual !== expected) {
      throw error(
        `expected type ${NAMES[expected]} in ${context}, got ${NAMES[actual]}`,
      );
    }
  };
  switch (expression.type) {
    case 'negation': {
      const type = valueTypeOf(expression.operand);
      if (type !== 'scalar' && type !== 'vector') {
        throw error(
          `unary expression only allowed on expressions of type scalar or instant vector, got "${NAMES[type]}"`,
        );
      }
      checkTypes(expression.operand, error);
      break;
    }
    case 'call':
      checkCall(expression, error, expectType);
      break;
    case 'aggregate':
      expectType(expression.operand, 'vector', 'aggregation expression');
      checkTypes(expression.operand, error);
      if (expression.parameter) {
        expectType(expression.parameter, 'scalar', 'aggregation parameter');
        checkTypes(expression.parameter, error);
      }
      break;
    case 'binary':
      checkBinary(expression, error);
      break;
    default:
  }
}

function checkCall(
  call: Extract<Expression, { type: 'call' }>,
  error: (message: string) => Error,
  expectType: (part: Expression, type: ValueType, context: string) => void,
): void {
  const signature = FUNCTIONS[call.name];
  if (!signature) {
    throw error(`function ${call.name} is not supported by the demo`);
  }
  const { args, optional = 0 } = signature;
  const least = args.length - optional;
  if (call.args.length < least || call.args.length > args.length) {
    throw error(
      `expected ${least} argument(s) in call to "${call.name}", got ${call.args.length}`,
    );
  }
  call.args.forEach((part, index) => {
    expectType(part, args[index], `call to function "${call.name}"`);
    checkTypes(part, error);
  });
}

function checkBinary(
  binary: Extract<Expression, { type: 'binary' }>,
  error: (message: string) => Error,
): void {
  const { operator, left, right } = binary;
  for (const side of [left, right]) {
    const type = valueTypeOf(side);
    if (type !== 'scalar' && type !== 'vector') {
      throw error(
        'binary expression must contain only scalar and instant vector types',
      );
    }
    if (['and', 'or', 'unless'].includes(operator) && type === 'scalar') {
      throw error(
        `set operator "${operator}" not allowed in binary scalar expression`,
      );
    }
    checkTypes(side, error);
  }
  const isComparison = ['==', '!=', '>', '<', '>=', '<='].includes(operator);
  if (binary.bool && !isComparison) {
    throw error('bool modifier can only be used on comparison operators');
  }
  if (
    isComparison &&
    !binary.bool &&
    valueTypeOf(left) === 'scalar' &&
    valueTypeOf(right) === 'scalar'
  ) {
    throw error('comparisons between scalars must use BOOL modifier');
  }
}
