import type { KubeObjectRef } from '../kube/KubeObject';
import { SpliceRefused } from './SpliceRefused';

/** The parser takes 2 ms for each 1,000 characters, during which nothing else is answered: of larger files only a part is read. */
export const MOST_READ = 64 * 1024;

/** A stretch of a file that is read alone. */
export interface FilePart {
  start: number;
  end: number;
}

/**
 * The parts of a file to be read for an object: all of it where it is small, else each document that may be it. A `---` at the begin of a line
 * ends a document wherever it stands.
 *
 * @throws SpliceRefused where those together are too large.
 */
export function partsFor(
  text: string,
  wanted: KubeObjectRef,
  most: number,
): FilePart[] {
  const parts = partsOf(text, most).filter(
    (part, _index, { length }) =>
      (length === 1 && text.length <= most) ||
      mayHold(text.slice(part.start, part.end), wanted),
  );
  requireSmall(parts, most);
  return parts;
}

/** @throws SpliceRefused where they are too large together. */
export function requireSmall(parts: readonly FilePart[], most: number): void {
  const size = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  if (size > Math.max(most, MOST_READ)) {
    throw new SpliceRefused(
      `The file has more than ${
        MOST_READ / 1024
      } KB in documents that have to be read for this change. Split it, or change it by hand.`,
    );
  }
}

/** All of a small file; of a larger one each document, from its mark to the next one. */
export function partsOf(text: string, most: number): FilePart[] {
  // What a % line says is about the document behind it.
  if (text.length <= most || /(?:^|\n)%/.test(text)) {
    return [{ start: 0, end: text.length }];
  }
  const marks = [...text.matchAll(/(?:^|(?<=\n))---(?=[ \t\r\n]|$)/g)].map(
    ({ index }) => index,
  );
  const starts = marks[0] === 0 ? marks : [0, ...marks];
  return starts.map((start, place) => ({
    start,
    end: starts[place + 1] ?? text.length,
  }));
}

/** A part of a large file with a document beside it that says something, so that what stays of it is no empty file. */
export function withNeighbour(
  text: string,
  { start, end }: FilePart,
  most: number,
): FilePart {
  const parts = partsOf(text, most);
  const says = (part: FilePart) =>
    /^(?!---|\.\.\.|[ \t]*(#|\r?$)).|^--- +[^#\s]/m.test(
      text.slice(part.start, part.end),
    );
  const next = parts.find(part => part.start >= end && says(part));
  if (next) {
    return { start, end: next.end };
  }
  const before = parts.filter(part => part.end <= start && says(part));
  return { start: before[before.length - 1]?.start ?? start, end };
}

/** Whether a document may be a manifest of the object, or a List that holds it; what is sure, only reading tells. */
function mayHold(text: string, { kind, name }: KubeObjectRef): boolean {
  const kinds = [
    ...text.matchAll(
      /(?:^|\n)kind:[ \t]+["']?([A-Za-z]+)["']?[ \t]*(?:#.*)?(?=\r?\n|$)/g,
    ),
  ];
  const isOther =
    kinds.length > 0 &&
    !kinds.some(([, said]) => said === kind || said.endsWith('List'));
  return (
    !isOther &&
    // An escape may spell any letter.
    (/\\[xuU\r\n]/.test(text) || (text.includes(kind) && hasWord(text, name)))
  );
}

function hasWord(text: string, word: string): boolean {
  const isPart = (letter = '') => /[\w.-]/.test(letter);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) {
      return true;
    }
  }
  return false;
}
