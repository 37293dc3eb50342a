import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parseDurationMs } from './duration';
import type {
  AggregateExpression,
  BinaryExpression,
  BinaryOperator,
  Expression,
  VectorSelector,
} from './expressions';
import { checkTypes } from './checkTypes';
import { parseError, refuseErrors } from './parseErrors';
import { parseSelector, unquote } from './parseSelector';
import { QueryError } from './QueryError';

/** Longer queries are refused, as an upstream proxy would. */
const LONGEST_QUERY = 50_000;
const DEEPEST_QUERY = 200;

const OPERATORS: Record<string, BinaryOperator> = {
  Add: '+',
  Sub: '-',
  Mul: '*',
  Div: '/',
  Mod: '%',
  Pow: '^',
  Eql: '==',
  Neq: '!=',
  Gtr: '>',
  Lss: '<',
  Gte: '>=',
  Lte: '<=',
  And: 'and',
  Or: 'or',
  Unless: 'unless',
};
const AGGREGATES = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'topk',
  'bottomk',
] as const;

class Reader {
  constructor(private readonly text: string) {}

  read(node: SyntaxNode, depth: number): Expression {
    if (depth > DEEPEST_QUERY) {
      throw this.error(node, 'the expression is nested too deeply');
    }
    switch (node.name) {
      case 'ParenExpr':
        return this.read(this.child(node, 0), depth + 1);
      case 'NumberDurationLiteral':
        return { type: 'number', value: numberOf(this.source(node)) };
      case 'StringLiteral':
        return { type: 'string', value: unquote(this.source(node)) };
      case 'VectorSelector':
        return parseSelector(node, this.text);
      case 'MatrixSelector':
        return this.range(node);
      case 'OffsetExpr':
        return this.offset(node, depth);
      case 'UnaryExpr': {
        const operand = this.read(this.child(node, 1), depth + 1);
        return this.source(this.child(node, 0)) === '-'
          ? { type: 'negation', operand }
          : operand;
      }
      case 'FunctionCall':
        return {
          type: 'call',
          name: this.source(this.child(node, 0)),
          args: this.args(node, depth),
        };
      case 'AggregateExpr':
        return this.aggregate(node, depth);
      case 'BinaryExpr':
        return this.power(node, depth);
      default:
        throw this.error(node, `${node.name} is not supported by the demo`);
    }
  }

  private range(node: SyntaxNode): Expression {
    const [selector, duration] = children(node);
    return {
      type: 'range',
      selector: parseSelector(selector, this.text),
      rangeMs: this.duration(duration),
    };
  }

  private offset(node: SyntaxNode, depth: number): Expression {
    const parts = children(node);
    const operand = this.read(parts[0], depth + 1);
    const duration = parts[parts.length - 1];
    const negative = this.text
      .slice(parts[0].to, duration.to)
      .replace(/offset/i, '')
      .trim()
      .startsWith('-');
    const offsetMs =
      (negative ? -1 : 1) *
      parseDurationMs(this.source(duration).replace(/^-\s*/, ''));
    if (operand.type === 'vector') {
      return { ...operand, offsetMs };
    }
    if (operand.type === 'range') {
      return { ...operand, selector: { ...operand.selector, offsetMs } };
    }
    throw this.error(
      node,
      'offset modifier must be preceded by an instant vector selector or range vector selector',
    );
  }

  private args(node: SyntaxNode, depth: number): Expression[] {
    const body = node.getChild('FunctionCallBody');
    return body ? children(body).map(child => this.read(child, depth + 1)) : [];
  }

  private aggregate(node: SyntaxNode, depth: number): AggregateExpression {
    const operator = AGGREGATES.find(
      name => name === this.source(this.child(node, 0)).toLowerCase(),
    );
    if (!operator) {
      throw this.error(
        node,
        `aggregation ${this.source(
          this.child(node, 0),
        )} is not supported by the demo`,
      );
    }
    const modifier = node.getChild('AggregateModifier');
    const args = this.args(node, depth);
    const expected = operator === 'topk' || operator === 'bottomk' ? 2 : 1;
    if (args.length !== expected) {
      throw this.error(
        node,
        `wrong number of arguments for aggregate expression provided, expected ${expected}, got ${args.length}`,
      );
    }
    return {
      type: 'aggregate',
      operator,
      grouping: {
        mode: modifier?.getChild('Without') ? 'without' : 'by',
        labels: this.labels(modifier?.getChild('GroupingLabels')),
      },
      parameter: expected === 2 ? args[0] : undefined,
      operand: args[expected - 1],
    };
  }

  /** `-2 ^ 2` is `-(2 ^ 2)`, though the grammar takes `-2` for a number of its own. */
  private power(node: SyntaxNode, depth: number): Expression {
    const binary = this.binary(node, depth);
    const { left, operator } = binary;
    return operator === '^' &&
      left.type === 'number' &&
      this.text[node.from] === '-'
      ? {
          type: 'negation',
          operand: { ...binary, left: { ...left, value: -left.value } },
        }
      : binary;
  }

  private binary(node: SyntaxNode, depth: number): BinaryExpression {
    const parts = children(node);
    const [left, operator] = parts;
    const clause = node.getChild('MatchingModifierClause');
    const lists = clause?.getChildren('GroupingLabels') ?? [];
    return {
      type: 'binary',
      operator: OPERATORS[operator.name],
      left: this.read(left, depth + 1),
      right: this.read(parts[parts.length - 1], depth + 1),
      bool: node.getChild('BoolModifier') !== null,
      matching: {
        mode: clause?.getChild('On') ? 'on' : 'ignoring',
        labels: this.labels(lists[0]),
        many: manySideOf(clause),
        include: this.labels(lists[1]),
      },
    };
  }

  private labels(node: SyntaxNode | null | undefined): string[] {
    return node ? children(node).map(child => this.source(child)) : [];
  }

  private duration(node: SyntaxNode): number {
    const ms = parseDurationMs(this.source(node));
    if (ms <= 0) {
      throw this.error(node, 'duration must be greater than 0');
    }
    return ms;
  }

  private source(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  private child(node: SyntaxNode, index: number): SyntaxNode {
    const found = children(node)[index];
    if (!found) {
      throw this.error(node, 'unexpected end of input');
    }
    return found;
  }

  private error(node: SyntaxNode, message: string): QueryError {
    return parseError(this.text, node.from, message);
  }
}

/** Parses PromQL with Prometheus' own grammar; what is outside the supported part is refused by name. */
export function parseQuery(text: string): Expression {
  if (text.trim() === '') {
    throw QueryError.badData(
      'invalid parameter "query": unknown position: parse error: no expression found in input',
    );
  }
  if (text.length > LONGEST_QUERY) {
    throw QueryError.badData(
      `invalid parameter "query": longer than ${LONGEST_QUERY} characters`,
    );
  }
  const root = parser.parse(text).topNode;
  refuseErrors(root, text);
  const body = root.firstChild;
  if (!body) {
    throw parseError(text, 0, 'no expression found in input');
  }
  const expression = new Reader(text).read(body, 0);
  checkTypes(expression, message => parseError(text, 0, message));
  return expression;
}

/** The matchers of a series selector, such as `match[]` has it. */
export function parseSeriesSelector(text: string): VectorSelector {
  const expression = parseQuery(text);
  if (expression.type !== 'vector') {
    throw QueryError.badData(
      `invalid parameter "match[]": expected a series selector, got "${text}"`,
    );
  }
  return expression;
}

function children(node: SyntaxNode): SyntaxNode[] {
  const result: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    result.push(child);
  }
  return result;
}

function manySideOf(clause: SyntaxNode | null): 'left' | 'right' | undefined {
  if (clause?.getChild('GroupLeft')) {
    return 'left';
  }
  return clause?.getChild('GroupRight') ? 'right' : undefined;
}

function numberOf(text: string): number {
  const lower = text.toLowerCase();
  if (lower === 'inf' || lower === '+inf') {
    return Infinity;
  }
  if (lower === 'nan') {
    return NaN;
  }
  const plain = Number(lower);
  return Number.isNaN(plain) ? parseDurationMs(text) / 1000 : plain;
}
