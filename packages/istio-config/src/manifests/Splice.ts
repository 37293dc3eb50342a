import { SpliceRefused } from './SpliceRefused';

/** What takes the place of a stretch of a text; `start` and `end` count UTF-16 units. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/**
 * The text with all splices made. Two that insert at one place keep their order.
 *
 * @throws SpliceRefused where two of them are about the same stretch.
 */
export function spliced(text: string, splices: readonly Splice[]): string {
  const ordered = splices
    .map((splice, index) => ({ ...splice, index }))
    .sort(
      (a, b) =>
        a.start - b.start ||
        Number(a.end > a.start) - Number(b.end > b.start) ||
        a.index - b.index,
    );
  let result = '';
  let done = 0;
  for (const { start, end, text: instead } of ordered) {
    if (start < done) {
      throw new SpliceRefused(
        'What is to change lies too close together in the file to write it apart. Change the file by hand.',
      );
    }
    result += text.slice(done, start) + instead;
    done = end;
  }
  return result + text.slice(done);
}
