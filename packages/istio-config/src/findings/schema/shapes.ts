import { SHARED_SHAPES, SPEC_SHAPES } from './istioFields';

/** What may stand at a place of an object. */
export type Shape =
  | { type: 'text' | 'whole' | 'count' | 'number' | 'boolean' }
  | { type: 'oneOf'; values: readonly string[] }
  | { type: 'anything' }
  | { type: 'list'; of: Shape }
  | { type: 'map'; of: Shape }
  | { type: 'object'; fields: ReadonlyMap<string, Shape> };

const TYPES: Record<string, Shape> = {
  s: { type: 'text' },
  i: { type: 'whole' },
  u: { type: 'count' },
  n: { type: 'number' },
  b: { type: 'boolean' },
  '*': { type: 'anything' },
};

const parsed = new Map<string, Shape>();

/** The shape of a kind's spec; undefined for kinds that are not Istio's. */
export function shapeOf(kind: string): Shape | undefined {
  if (!parsed.has(kind) && Object.hasOwn(SPEC_SHAPES, kind)) {
    parsed.set(kind, parse(SPEC_SHAPES[kind]));
  }
  return parsed.get(kind);
}

function parse(text: string): Shape {
  const tokens = text.match(/[()[\]{}:]|'[^']*'|[@*]?\w+|\*/g) ?? [];
  let at = 0;
  const shape = (): Shape => {
    const token = tokens[at];
    at += 1;
    if (token === '[' || token === '{') {
      const of = shape();
      at += 1;
      return token === '[' ? { type: 'list', of } : { type: 'map', of };
    }
    if (token === '(') {
      const fields = new Map<string, Shape>();
      while (tokens[at] !== ')') {
        const name = tokens[at];
        at += 1;
        if (tokens[at] === ':') {
          at += 1;
          fields.set(name, shape());
        } else {
          fields.set(name, TYPES.s);
        }
      }
      at += 1;
      return { type: 'object', fields };
    }
    if (token.startsWith('@')) {
      return parse(SHARED_SHAPES[token.slice(1)]);
    }
    return token.startsWith("'")
      ? { type: 'oneOf', values: token.slice(1, -1).split('|') }
      : TYPES[token];
  };
  return shape();
}

/** Protobuf's JSON takes `max_age` for `maxAge`. */
export function camel(field: string): string {
  return field.replace(/_([a-z])/g, (_match, letter) => letter.toUpperCase());
}
