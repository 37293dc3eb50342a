import { isMap, isScalar, isSeq } from 'yaml';
import type { PlacedObject } from './PlacedObject';
import { lineOf } from './readYaml';

/** The line of a path such as `spec.http[0].route[1]` in an object; that of the deepest part that is there. */
export function placeInYaml(
  place: PlacedObject,
  path: string | undefined,
): number {
  return follow(place, path).line;
}

/** Whether the text has the path, all of it. */
export function isInYaml(place: PlacedObject, path: string | undefined) {
  return pathInText(place, path) !== '' && follow(place, path).rest === '';
}

function follow(
  place: PlacedObject,
  path: string | undefined,
): { line: number; rest: string } {
  const { node, lines } = place;
  let line = lineOf(node, lines) ?? 1;
  let current: unknown = node;
  let rest = pathInText(place, path);
  while (rest) {
    const step = isMap(current)
      ? fieldStep(current, rest)
      : itemStep(current, rest);
    if (!step) {
      break;
    }
    line = lineOf(step.at, lines) ?? line;
    current = step.value;
    rest = step.rest;
  }
  return { line, rest };
}

/** A path in the object as a path in the text, which may be a piece of the object only. */
export function pathInText(
  { within }: PlacedObject,
  path: string | undefined,
): string {
  return within && path?.startsWith(within)
    ? path.slice(within.length).replace(/^\./, '')
    : path ?? '';
}

interface Step {
  /** What to point at: the key of a field, or the item. */
  at: unknown;
  value: unknown;
  rest: string;
}

/** Keys may have dots and brackets in them: the longest one that fits is meant. */
function fieldStep(
  map: { items: { key: unknown; value: unknown }[] },
  rest: string,
): Step | undefined {
  const quoted = /^\["([^"]*)"\]\.?/.exec(rest);
  let best: (Step & { length: number }) | undefined;
  for (const { key, value } of map.items) {
    const name = String(isScalar(key) ? key.value : key);
    const fits = quoted
      ? quoted[1] === name
      : rest.startsWith(name) && /^($|[.[])/.test(rest.slice(name.length));
    if (fits && (!best || name.length > best.length)) {
      best = {
        at: key,
        value,
        length: name.length,
        rest: quoted
          ? rest.slice(quoted[0].length)
          : rest.slice(name.length).replace(/^\./, ''),
      };
    }
  }
  return best;
}

function itemStep(sequence: unknown, rest: string): Step | undefined {
  const index = /^\[(\d+)\]\.?/.exec(rest);
  const item =
    index && isSeq(sequence) ? sequence.items[Number(index[1])] : undefined;
  return item && index
    ? { at: item, value: item, rest: rest.slice(index[0].length) }
    : undefined;
}
