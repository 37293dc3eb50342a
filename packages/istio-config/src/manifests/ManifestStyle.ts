import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** How a file is written, so that what is added looks like what is there. */
export interface ManifestStyle {
  lineEnd: '\n' | '\r\n';
  /** By how many spaces a map lies deeper than its key. */
  step: number;
  /** Whether the items of a list lie deeper than its key. */
  isListDeeper: boolean;
  /** Whether a text that needs quotes gets single ones. */
  isSingleQuoted: boolean;
  /** Whether it is JSON, of which YAML can read all. */
  isJson: boolean;
}

/** The style of a document, by the first of each thing that shows it. */
export function styleOf(text: string, content?: Node | null): ManifestStyle {
  const style: Partial<ManifestStyle> = {};
  if (content) {
    visit(content, {
      Pair(_key, { key, value }) {
        if (!isScalar(key) || !key.range || !isBlock(value)) {
          return;
        }
        const own = columnAt(text, key.range[0]);
        const inner = columnAt(text, value.range![0]);
        if (isSeq(value)) {
          style.isListDeeper ??= inner > own;
        } else if (inner > own) {
          style.step ??= inner - own;
        }
      },
      Scalar(_key, { type }) {
        if (type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE') {
          style.isSingleQuoted ??= type === 'QUOTE_SINGLE';
        }
      },
    });
  }
  return {
    lineEnd: /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n',
    step: 2,
    isListDeeper: false,
    isSingleQuoted: false,
    isJson: isMap(content) && Boolean(content.flow) && isJsonKey(content),
    ...style,
  };
}

/** The text with an end of its last line, as the parser and whoever adds lines need it. */
export function withLineEnd(text: string): string {
  return text === '' || /\n$/.test(text) ? text : text + styleOf(text).lineEnd;
}

/** How many characters stand before it on its line. */
export function columnAt(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Where the line of a place begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the next line begins. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Whether a node is a collection that is written on lines of its own. */
export function isBlock(node: unknown): node is YAMLMap | YAMLSeq {
  return (isMap(node) || isSeq(node)) && !node.flow;
}

function isJsonKey({ items: [pair] }: YAMLMap): boolean {
  return isScalar(pair?.key) && pair.key.type === 'QUOTE_DOUBLE';
}
