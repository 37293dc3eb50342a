/** A piece of a CEL expression. `end` stands behind the last one. */
export interface CelToken {
  kind: 'name' | 'value' | 'sign' | 'end';
  text: string;
}

const ESCAPE =
  '\\\\(?:[abfnrtv"\'\\\\?`]|[0-3][0-7]{2}|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})';
const TEXT = [
  `"""(?:${ESCAPE}|[^\\\\])*?"""`,
  `'''(?:${ESCAPE}|[^\\\\])*?'''`,
  `"(?:${ESCAPE}|[^\\\\"\\n\\r])*"`,
  `'(?:${ESCAPE}|[^\\\\'\\n\\r])*'`,
].join('|');
const RAW_TEXT =
  '[rR](?:"""[^]*?"""|\'\'\'[^]*?\'\'\'|"[^"\\n\\r]*"|\'[^\'\\n\\r]*\')';
const NUMBER =
  '0x[0-9a-fA-F]+[uU]?|(?:\\d+\\.\\d+|\\.\\d+)(?:[eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+|\\d+[uU]?';
const SPACE = /(?:[\t \r\n\f]|\/\/[^\n]*)*/y;
const TOKEN = new RegExp(
  `(?<value>[bB]?(?:${RAW_TEXT}|${TEXT})|${NUMBER})|(?<name>[A-Za-z_]\\w*)|(?<sign>==|!=|<=|>=|&&|\\|\\||[-<>[\\]{}().,!?:+*/%])`,
  'y',
);
const LONGEST_INT = 2n ** 63n;

/**
 * The pieces of a CEL expression; undefined where something in it is none.
 * Source: the language definition of CEL, and what cel-go's parser takes.
 */
export function celTokens(expression: string): CelToken[] | undefined {
  const tokens: CelToken[] = [];
  let at = 0;
  const skip = () => {
    SPACE.lastIndex = at;
    at += SPACE.exec(expression)?.[0].length ?? 0;
  };
  for (skip(); at < expression.length; skip()) {
    TOKEN.lastIndex = at;
    const { groups = {}, 0: text = '' } = TOKEN.exec(expression) ?? {};
    if (!text || isTooLong(text)) {
      return undefined;
    }
    tokens.push({ kind: kindOf(groups), text });
    at += text.length;
  }
  return [...tokens, { kind: 'end', text: '' }];
}

function kindOf(groups: Record<string, string>): CelToken['kind'] {
  if (groups.name) {
    return ['true', 'false', 'null'].includes(groups.name) ? 'value' : 'name';
  }
  return groups.value ? 'value' : 'sign';
}

/** Whole numbers have 64 bits; of the smallest, the sign is another piece. */
function isTooLong(text: string): boolean {
  const whole = /^(0x[0-9a-fA-F]+|\d+)([uU]?)$/.exec(text);
  if (!whole) {
    return false;
  }
  const limit = whole[2] ? LONGEST_INT * 2n - 1n : LONGEST_INT;
  return BigInt(whole[1]) > limit;
}
