import { CORE_SCHEMA, load } from 'js-yaml';
import { LineCounter, Node, parseDocument } from 'yaml';
import { flattenLists } from '../kube/flattenLists';
import { isMap } from '../kube/reading';
import type { PlacedObject } from './PlacedObject';

/** Anchors, tags, directives, merges, templates, ends of documents: what the two readers may read differently. */
const UNUSUAL = /(^|[\s[{,:-])[&*!](?=\S)|^[%]|^\.\.\.|<<|\{\{|\t|\uFEFF/m;
const SEPARATOR = /^---(?=\s|$)/m;
/** YAML 1.2 reads these numbers and words as the reader of values does not. */
const OTHERWISE_READ = /(^|[\s[{,]|":)[-+]?(0[0-9_]|0[box]|[0-9]+_|\.[0-9])/m;

/** An object that is read again, with its places, when those are asked for. */
class QuicklyRead implements PlacedObject {
  private read?: { node?: Node; lines: LineCounter };

  constructor(
    readonly object: unknown,
    readonly file: string,
    private readonly text: string,
    private readonly linesBefore: number,
  ) {}

  get node() {
    return this.places().node;
  }

  get lines() {
    const { lines } = this.places();
    return {
      linePos: (offset: number) => ({
        line: lines.linePos(offset).line + this.linesBefore,
      }),
    };
  }

  private places() {
    if (!this.read) {
      const lines = new LineCounter();
      const { contents } = parseDocument(this.text, {
        lineCounter: lines,
        uniqueKeys: false,
      });
      this.read = { node: contents ?? undefined, lines };
    }
    return this.read;
  }
}

/**
 * The objects of plain YAML: their values at once, where they stand only when somebody asks. Most objects have no finding,
 * and reading their places takes most of the time. Undefined for text that is not plain, or that is wrong.
 */
export function readQuickly(
  text: string,
  file: string,
): PlacedObject[] | undefined {
  if (UNUSUAL.test(text) || OTHERWISE_READ.test(text)) {
    return undefined;
  }
  const places: PlacedObject[] = [];
  let line = 0;
  for (const piece of text.split(SEPARATOR)) {
    let body: unknown;
    try {
      body = load(piece, { schema: CORE_SCHEMA });
    } catch {
      return undefined;
    }
    // The items of a list stand inside of the text.
    if (isMap(body) && String(body.kind).endsWith('List')) {
      return undefined;
    }
    for (const object of flattenLists(body)) {
      places.push(new QuicklyRead(object, file, piece, line));
    }
    line += lineEnds(piece);
  }
  return places;
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}
