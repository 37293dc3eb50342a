import type { Document } from 'yaml';
import type { KubeObject } from '../kube/KubeObject';
import { lineStart, nextLine, styleOf } from './ManifestStyle';
import { documentText } from './renderValue';
import { SpliceRefused } from './SpliceRefused';

/** A new manifest as one more document, written as the first one of the file is. @throws SpliceRefused in a JSON file. */
export function appendedDocument(
  text: string,
  documents: readonly Document.Parsed[],
  manifest: KubeObject,
): { text: string; index: number } {
  const [first] = documents;
  const style = styleOf(text, first?.contents);
  if (style.isJson) {
    throw new SpliceRefused(
      'The file is JSON, which holds one object. Choose another file for the new one.',
    );
  }
  const last = documents[documents.length - 1];
  // A file may end with the mark of a document that nobody wrote yet.
  const isOpen = /(^|\n)---[ \t]*\r?\n$/.test(text) || !last;
  const isReplaced = isOpen && last && saysNothing(last);
  return {
    text: `${text}${isOpen ? '' : `---${style.lineEnd}`}${documentText(
      manifest,
      style,
    )}`,
    index: isReplaced ? documents.length - 1 : documents.length,
  };
}

/** The text without one of its documents; undefined where none is left that says anything. */
export function withoutDocument(
  text: string,
  documents: readonly Document.Parsed[],
  index: number,
): string | undefined {
  const isLast = documents.every(
    (document, place) => place === index || saysNothing(document),
  );
  if (isLast) {
    return undefined;
  }
  const { range, contents } = documents[index];
  const isMarked = /^---/.test(text.slice(range[0]));
  // A comment above the first document, without a mark, is about the file: it stays.
  const start = isMarked ? range[0] : lineStart(text, contents!.range[0]);
  const next = documents[index + 1];
  const end = next ? endBefore(text, range[2], next) : text.length;
  return text.slice(0, start) + text.slice(end);
}

/** Where what belongs to a document ends: at the mark of the next one, or, where that has none, behind its own end. */
function endBefore(text: string, end: number, next: Document.Parsed): number {
  return /^---/.test(text.slice(next.range[0])) &&
    !/^\.\.\./m.test(text.slice(0, end).slice(lineStart(text, end - 1)))
    ? next.range[0]
    : nextLine(text, Math.max(0, end - 1));
}

function saysNothing({ contents }: Document.Parsed): boolean {
  return !contents || contents.range[0] === contents.range[1];
}
