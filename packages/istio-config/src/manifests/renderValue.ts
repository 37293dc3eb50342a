import { Scalar, stringify } from 'yaml';
import type { ManifestStyle } from './ManifestStyle';

/** What holds in each text that is written: no line is folded, and what YAML 1.1 takes for no text (`on`, `0777`) is quoted. */
const ALWAYS = {
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  compat: 'yaml-1.1',
  aliasDuplicateObjects: false,
} as const;

/** The lines of `key: value`, each with its end, the first at the column. */
export function pairLines(
  key: string,
  value: unknown,
  column: number,
  style: ManifestStyle,
): string {
  return indented(block({ [key]: value }, style), column, style);
}

/** The lines of `- value`, each with its end, the first at the column. */
export function itemLines(
  value: unknown,
  column: number,
  style: ManifestStyle,
): string {
  return indented(block([value], style), column, style);
}

/**
 * What stands behind `key:` at a column, or behind `-`, without the end of its last line: one of a space and what fits there, or the end of the line and
 * more lines.
 */
export function tailOf(
  value: unknown,
  owner: 'pair' | 'item',
  column: number,
  style: ManifestStyle,
): string {
  const lines =
    owner === 'pair'
      ? pairLines('k', value, column, style)
      : itemLines(value, column, style);
  const mark = owner === 'pair' ? 'k:'.length : '-'.length;
  return lines.slice(column + mark, -style.lineEnd.length);
}

/** A whole document of its own, without `---`. */
export function documentText(value: unknown, style: ManifestStyle): string {
  return indented(block(value, style), 0, style);
}

/** A text, number or truth value on one line, quoted as the one that it takes the place of; undefined where it takes several lines. */
export function scalarText(
  value: unknown,
  old: Scalar | undefined,
  context: { isFlow: boolean },
  style: ManifestStyle,
): string | undefined {
  const scalar = new Scalar(value);
  const isQuoted = old?.type === 'QUOTE_DOUBLE' || old?.type === 'QUOTE_SINGLE';
  if (typeof value === 'string' && isQuoted) {
    scalar.type = old.type;
  }
  const text = context.isFlow
    ? flow([scalar], style).slice(1, -1)
    : block(scalar, style).replace(/\n$/, '');
  return text.includes('\n') ? undefined : text;
}

/** A value as it stands in a flow collection, on one line. */
export function flowText(value: unknown, style: ManifestStyle): string {
  return flow([value], style).slice(1, -1);
}

/** `key: value` as it stands in a flow collection, on one line. */
export function flowPair(
  key: string,
  value: unknown,
  style: ManifestStyle,
): string {
  return flow({ [key]: value }, style).slice(1, -1);
}

function block(value: unknown, style: ManifestStyle): string {
  return stringify(value, {
    ...ALWAYS,
    indent: style.step,
    indentSeq: style.isListDeeper,
    singleQuote: style.isSingleQuoted,
  });
}

function flow(value: unknown, style: ManifestStyle): string {
  return stringify(value, {
    ...ALWAYS,
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    singleQuote: style.isSingleQuoted,
  }).replace(/\n$/, '');
}

function indented(
  text: string,
  column: number,
  { lineEnd }: ManifestStyle,
): string {
  const space = ' '.repeat(column);
  return text
    .split('\n')
    .map(line => (line === '' ? line : `${space}${line}`))
    .join(lineEnd);
}
