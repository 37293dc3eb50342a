import { existsSync, readFileSync } from 'fs';
import { gzipSync } from 'zlib';

/** Sources of ours, as the names in a source map end. */
const OURS = /\/plugins\/(mesh|mesh-common)\/src\//;
const DIGITS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

interface SourceMap {
  sources: string[];
  mappings: string;
}

/** What a file weighs on the wire. */
export function gzipBytes(text: string): number {
  return gzipSync(text, { level: 9 }).length;
}

/** The text of a built file that comes from our sources, by its source map; minified as it is served. */
export function ownText(file: string): string {
  if (!existsSync(`${file}.map`)) {
    return '';
  }
  const lines = readFileSync(file, 'utf8').split('\n');
  const { sources, mappings }: SourceMap = JSON.parse(
    readFileSync(`${file}.map`, 'utf8'),
  );
  const isOurs = sources.map(source => OURS.test(source));
  const parts: string[] = [];
  let source = 0;
  mappings.split(';').forEach((line, index) => {
    const text = lines[index] ?? '';
    let column = 0;
    let began = 0;
    let isOpen = false;
    for (const segment of line.split(',').filter(Boolean)) {
      const [columns, sources_ = 0, ...place] = decode(segment);
      column += columns;
      if (isOpen) parts.push(text.slice(began, column));
      source += sources_;
      // A segment without a place belongs to no source.
      isOpen = place.length > 0 && isOurs[source];
      began = column;
    }
    if (isOpen) parts.push(text.slice(began));
  });
  return parts.join('');
}

/** The numbers of one segment: base 64, five bits at a time, the lowest bit of a number is its sign. */
function decode(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let factor = 1;
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits % 32) * factor;
    factor *= 32;
    if (bits < 32) {
      const size = Math.floor(value / 2);
      numbers.push(value % 2 ? -size : size);
      value = 0;
      factor = 1;
    }
  }
  return numbers;
}
