import type { SyntaxNode } from '@lezer/common';
import type { LabelMatcher, VectorSelector } from './expressions';
import { QueryError } from './QueryError';

/** Reads a `VectorSelector` node: the metric's name becomes a matcher like any other. */
export function parseSelector(node: SyntaxNode, text: string): VectorSelector {
  const source = (part: SyntaxNode) => text.slice(part.from, part.to);
  const name = node.getChild('Identifier');
  const list = node.getChild('LabelMatchers');
  const matchers: LabelMatcher[] = name
    ? [{ label: '__name__', operator: '=', value: source(name) }]
    : [];
  for (let child = list?.firstChild; child; child = child.nextSibling) {
    if (child.name === 'QuotedLabelName') {
      matchers.push({
        label: '__name__',
        operator: '=',
        value: unquote(source(child)),
      });
    } else if (/LabelMatcher$/.test(child.name)) {
      matchers.push(readMatcher(child, source));
    }
  }
  if (!matchers.some(matcher => !matchesEmpty(matcher))) {
    throw QueryError.badData(
      'invalid parameter "query": 1:1: parse error: vector selector must contain at least one non-empty matcher',
    );
  }
  return { type: 'vector', matchers, offsetMs: 0 };
}

function readMatcher(
  node: SyntaxNode,
  source: (part: SyntaxNode) => string,
): LabelMatcher {
  const label = node.getChild('LabelName') ?? node.getChild('QuotedLabelName');
  const operator = node.getChild('MatchOp');
  const value = node.getChild('StringLiteral');
  if (!label || !operator || !value) {
    throw QueryError.badData(
      'invalid parameter "query": parse error: incomplete label matcher',
    );
  }
  const name = source(label);
  return {
    label: /^["'`]/.test(name) ? unquote(name) : name,
    operator: source(operator) as LabelMatcher['operator'],
    value: unquote(source(value)),
  };
}

function matchesEmpty({ operator, value }: LabelMatcher): boolean {
  switch (operator) {
    case '=':
      return value === '';
    case '!=':
      return value !== '';
    default:
      return anchored(value).test('') === (operator === '=~');
  }
}

const LONGEST_REGEX = 1_000;

/** A matcher's regular expression, anchored at both ends. Only what RE2 knows is taken, up to a bounded length. */
export function anchored(pattern: string): RegExp {
  if (pattern.length > LONGEST_REGEX) {
    throw QueryError.badData(
      `invalid parameter "query": parse error: regular expression longer than ${LONGEST_REGEX} characters`,
    );
  }
  if (/\(\?[=!<]|\\[1-9]|\\k</.test(pattern)) {
    throw QueryError.badData(
      `invalid parameter "query": parse error: error parsing regexp: invalid or unsupported Perl syntax: \`${pattern}\``,
    );
  }
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    throw QueryError.badData(
      `invalid parameter "query": parse error: error parsing regexp: \`${pattern}\``,
    );
  }
}

const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The text of a string literal, by Go's rules for escapes. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) {
    return inner;
  }
  return inner.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{3}|[\s\S])/g,
    (_, escape: string) => {
      if (/^[xu]/.test(escape) && escape.length > 1) {
        return String.fromCharCode(parseInt(escape.slice(1), 16));
      }
      if (/^[0-7]{3}$/.test(escape)) {
        return String.fromCharCode(parseInt(escape, 8));
      }
      if (ESCAPES[escape] !== undefined) {
        return ESCAPES[escape];
      }
      if (['\\', '"', "'"].includes(escape)) {
        return escape;
      }
      throw QueryError.badData(
        `invalid parameter "query": parse error: unknown escape sequence "\\${escape}"`,
      );
    },
  );
}
