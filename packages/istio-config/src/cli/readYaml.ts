import {
  isMap,
  isSeq,
  LineCounter,
  Node,
  parseAllDocuments,
  Document,
  visit,
} from 'yaml';
import { flattenLists } from '../kube/flattenLists';
import type { Lines, PlacedObject } from './PlacedObject';
import { readQuickly } from './readQuickly';
import { UnusableInput } from './UnusableInput';

/** The object with its place looked up, to be copied: one that was read quickly looks for it only when asked. */
export function located(place: PlacedObject): PlacedObject {
  const { object, file, node, lines, within, snippet } = place;
  return { object, file, node, lines, within, snippet };
}

/** Beyond this an alias is an attack: ten levels of nine make a billion. */
const MOST_ALIASES = 100;
/** The longest text that is read within a bounded time. */
export const LONGEST_TEXT = 32 * 1024 * 1024;

/**
 * The objects in a YAML or JSON text, those of lists one by one.
 * @throws UnusableInput naming file and line.
 */
export function readYaml(text: string, file: string): PlacedObject[] {
  if (text.length > LONGEST_TEXT) {
    throw new UnusableInput(
      file,
      1,
      `it is longer than ${LONGEST_TEXT / 1024 / 1024} MB; split it.`,
    );
  }
  const quickly = readQuickly(text, file);
  if (quickly) {
    return quickly;
  }
  const lines = new LineCounter();
  const mayBeTemplate = text.includes('{{');
  return documentsOf(text, file, lines).flatMap(document => {
    const [error] = document.errors;
    if (error) {
      throw new UnusableInput(
        file,
        lines.linePos(error.pos[0]).line,
        mayBeTemplate
          ? 'this is a template, not YAML: render it first, as with helm template.'
          : reasonOf(error),
      );
    }
    const template = mayBeTemplate && templateIn(document.contents);
    if (template) {
      throw new UnusableInput(
        file,
        lineOf(template, lines),
        'this is a template, not YAML: render it first, as with helm template.',
      );
    }
    let body: unknown;
    try {
      body = document.toJS({ maxAliasCount: MOST_ALIASES });
    } catch (problem) {
      throw new UnusableInput(
        file,
        lineOf(document.contents, lines),
        problem instanceof Error ? problem.message : String(problem),
      );
    }
    const objects = flattenLists(body);
    const nodes =
      objects.length === 1 && objects[0] === body
        ? [document.contents]
        : itemNodes(document.contents);
    return objects.map((object, index) => ({
      object,
      file,
      lines,
      node: nodes[index] ?? document.contents ?? undefined,
    }));
  });
}

function documentsOf(
  text: string,
  file: string,
  lineCounter: LineCounter,
): Document[] {
  try {
    return parseAllDocuments(text, {
      lineCounter,
      uniqueKeys: false,
    }) as unknown as Document[];
  } catch (problem) {
    throw new UnusableInput(
      file,
      1,
      problem instanceof RangeError
        ? 'it is nested too deeply.'
        : String(problem),
    );
  }
}

function reasonOf({ message }: Error): string {
  return message.includes('call stack')
    ? 'it is nested too deeply.'
    : message.split('\n')[0];
}

/** `a: {{ b }}` is, to YAML, a map with a map for a key. */
function templateIn(contents: unknown): unknown {
  let found: unknown;
  visit(contents as Node, {
    Pair(_position, { key }) {
      if (isMap(key)) {
        found = key;
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
}

function itemNodes(contents: unknown): (Node | undefined)[] {
  const items = isMap(contents) ? contents.get('items') : undefined;
  return isSeq(items)
    ? items.items.flatMap(item => {
        const nested = itemNodes(item);
        return nested.length > 0 ? nested : [item as Node];
      })
    : [];
}

export function lineOf(node: unknown, lines: Lines): number | undefined {
  const range = (node as Node | undefined)?.range;
  return range ? lines.linePos(range[0]).line : undefined;
}
