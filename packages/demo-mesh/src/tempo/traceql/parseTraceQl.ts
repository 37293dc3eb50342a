import type { Condition, Field, Literal, Operator } from './expressions';
import { readField } from './readField';
import { Token, tokensOf } from './tokens';
import { TraceQlError } from './TraceQlError';

const OPERATORS: readonly string[] = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  '=~',
  '!~',
];
const STATUSES = ['error', 'ok', 'unset'];
const KINDS = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const DEEPEST = 100;

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  filter(): Condition {
    this.expect('{');
    const condition: Condition = this.isNext('}')
      ? { type: 'constant', value: true }
      : this.either();
    this.expect('}');
    if (this.next.type !== 'end') {
      throw ['|', '&&', '||', '>', '<', '!'].includes(this.next.text)
        ? new TraceQlError(
            'the stand-in reads one filter in braces and nothing after it',
          )
        : this.unexpected();
    }
    return condition;
  }

  private either(): Condition {
    let left = this.both();
    while (this.takes('||')) {
      left = { type: 'or', left, right: this.both() };
    }
    return left;
  }

  private both(): Condition {
    let left = this.single();
    while (this.takes('&&')) {
      left = { type: 'and', left, right: this.single() };
    }
    return left;
  }

  private single(): Condition {
    this.depth++;
    if (this.depth > DEEPEST) {
      throw new TraceQlError('expression is nested too deeply');
    }
    try {
      if (this.takes('!')) {
        return { type: 'not', operand: this.single() };
      }
      if (this.takes('(')) {
        const inner = this.either();
        this.expect(')');
        return inner;
      }
      return this.comparison();
    } finally {
      this.depth--;
    }
  }

  private comparison(): Condition {
    const left = this.operand();
    const token = this.next;
    if (token.type !== 'symbol' || !OPERATORS.includes(token.text)) {
      if ('field' in left) {
        return { type: 'field', field: left.field };
      }
      if (left.literal.type === 'boolean') {
        return { type: 'constant', value: left.literal.value };
      }
      throw this.unexpected();
    }
    this.at++;
    const operator = token.text as Operator;
    const right = this.operand();
    if ('field' in left && 'literal' in right) {
      return comparisonOf(left.field, operator, right.literal);
    }
    if ('literal' in left && 'field' in right) {
      return comparisonOf(right.field, mirrored(operator), left.literal);
    }
    throw new TraceQlError('the stand-in compares a field with a value');
  }

  private operand(): { field: Field } | { literal: Literal } {
    const token = this.next;
    const literal = literalOf(token);
    if (literal) {
      this.at++;
      return { literal };
    }
    const field =
      token.type === 'word' ? readField(token.text, token.column) : undefined;
    if (!field) {
      throw this.unexpected();
    }
    this.at++;
    return { field };
  }

  private get next(): Token {
    return this.tokens[this.at];
  }

  private isNext(symbol: string): boolean {
    return this.next.type === 'symbol' && this.next.text === symbol;
  }

  private takes(symbol: string): boolean {
    const isNext = this.isNext(symbol);
    this.at += Number(isNext);
    return isNext;
  }

  private expect(symbol: string): void {
    if (!this.takes(symbol)) {
      throw this.unexpected();
    }
  }

  private unexpected(): TraceQlError {
    const { type, text, column } = this.next;
    const named = { word: 'IDENTIFIER', string: 'STRING', number: 'INTEGER' };
    return TraceQlError.at(
      column,
      `unexpected ${named[type as keyof typeof named] ?? text}`,
    );
  }
}

function literalOf({ type, text, value = 0 }: Token): Literal | undefined {
  switch (type) {
    case 'string':
      return { type, value: text };
    case 'number':
    case 'duration':
      return { type, value };
    case 'word':
      if (text === 'true' || text === 'false') {
        return { type: 'boolean', value: text === 'true' };
      }
      if (STATUSES.includes(text)) {
        return { type: 'status', value: text };
      }
      return KINDS.includes(text) ? { type: 'kind', value: text } : undefined;
    default:
      return undefined;
  }
}

function mirrored(operator: Operator): Operator {
  const swapped: Partial<Record<Operator, Operator>> = {
    '>': '<',
    '>=': '<=',
    '<': '>',
    '<=': '>=',
  };
  return swapped[operator] ?? operator;
}

const TYPES: Partial<Record<string, readonly Literal['type'][]>> = {
  status: ['status'],
  kind: ['kind'],
  duration: ['duration', 'number'],
  traceDuration: ['duration', 'number'],
};

function comparisonOf(
  field: Field,
  operator: Operator,
  literal: Literal,
): Condition {
  const isPattern = operator === '=~' || operator === '!~';
  const allowed =
    field.type === 'intrinsic' ? TYPES[field.name] ?? ['string'] : undefined;
  if (
    (allowed && !allowed.includes(literal.type)) ||
    (isPattern && literal.type !== 'string')
  ) {
    throw new TraceQlError(
      `binary operations must operate on the same type: ${
        field.name
      } ${operator} ${
        literal.type === 'string' ? `\`${literal.value}\`` : literal.value
      }`,
    );
  }
  if (isPattern) {
    assertPattern(String(literal.value));
  }
  return { type: 'comparison', field, operator, literal };
}

function assertPattern(pattern: string): void {
  try {
    RegExp(pattern, 's');
  } catch {
    throw new TraceQlError(`error parsing regexp: \`${pattern}\``);
  }
}

/** Reads `{ … }`: one filter for spans, the part of TraceQL that a portal needs. */
export function parseTraceQl(query: string): Condition {
  return new Parser(tokensOf(query)).filter();
}
