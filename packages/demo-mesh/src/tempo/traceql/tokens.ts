import { TraceQlError } from './TraceQlError';

/** A piece of a query. */
export interface Token {
  type: 'symbol' | 'word' | 'string' | 'number' | 'duration' | 'end';
  text: string;
  /** Of a number; of a duration, in nanoseconds. */
  value?: number;
  /** Counts from 1. */
  column: number;
}

const SYMBOL = /(&&|\|\||=~|!~|!=|>=|<=|[{}()=!<>|,])/y;
const STRING = /"((?:[^"\\\n]|\\.)*)"|`([^`]*)`|'((?:[^'\\\n]|\\.)*)'/y;
const DURATION = /(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+/y;
const NUMBER = /-?\d+(?:\.\d+)?/y;
/** An attribute's name may have a quoted part, such as `span."a b"`. */
const WORD = /(?:[^\s"'`{}()=!<>&|,^~]|(?<=\.)"(?:[^"\\]|\\.)*")+/y;
const UNITS_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3_600e9,
};
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Takes a query apart. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(query) ?? undefined;
    at += match?.[0].length ?? 0;
    return match;
  };
  for (;;) {
    take(/\s+/y);
    const column = at + 1;
    if (at >= query.length) {
      return [...tokens, { type: 'end', text: '$end', column }];
    }
    const token =
      symbol(take(SYMBOL)) ??
      text(take(STRING), column) ??
      duration(take(DURATION)) ??
      number(take(NUMBER)) ??
      word(take(WORD));
    if (!token) {
      throw TraceQlError.at(
        column,
        /["'`]/.test(query[at]) ? 'literal not terminated' : 'unexpected $unk',
      );
    }
    tokens.push({ ...token, column });
  }
}

type Piece = Omit<Token, 'column'> | undefined;

function symbol(match: RegExpExecArray | undefined): Piece {
  return match && { type: 'symbol', text: match[0] };
}

function word(match: RegExpExecArray | undefined): Piece {
  return match && { type: 'word', text: match[0] };
}

function number(match: RegExpExecArray | undefined): Piece {
  return match && { type: 'number', text: match[0], value: Number(match[0]) };
}

function duration(match: RegExpExecArray | undefined): Piece {
  if (!match) {
    return undefined;
  }
  const parts = match[0].matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g);
  let value = 0;
  for (const [, amount, unit] of parts) {
    value += Number(amount) * UNITS_NS[unit];
  }
  return { type: 'duration', text: match[0], value };
}

function text(match: RegExpExecArray | undefined, column: number): Piece {
  if (!match) {
    return undefined;
  }
  const [, quoted, raw, single] = match;
  return {
    type: 'string',
    text: raw ?? unescaped(quoted ?? single, column),
  };
}

/** The escapes of Go's strings. Others, such as a lone `\d`, are no escapes there. */
export function unescaped(content: string, column: number): string {
  return content.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g,
    (_, escape: string) => {
      if (escape.length > 1) {
        return String.fromCodePoint(parseInt(escape.slice(1), 16));
      }
      if (!(escape in ESCAPES)) {
        throw TraceQlError.at(column, 'invalid char escape');
      }
      return ESCAPES[escape];
    },
  );
}
