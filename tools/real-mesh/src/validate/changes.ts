import fc from 'fast-check';
import type { AnyObject } from '../KubeApi';
import { wellFormedObjects } from './wellFormed';

type Place = { holder: any; key: string | number };

const TEXTS = [
  '',
  '*',
  '.',
  '~',
  'a',
  'shop',
  'A_b',
  'a.b.example.com',
  'a.1',
  'orders.',
  '*.example.com',
  '*-x.example.com',
  'x*.example.com',
  'a..b',
  'ns/name',
  './name',
  '/name',
  'ns/',
  'ns/*',
  '*/*',
  '~/*',
  'ns/x.example.com',
  '10.0.0.1',
  '10.0.0.0/8',
  '10.0.0.0/33',
  '10.0.0.256',
  '2001:db8::1',
  '2001:db8::/32',
  'unix:///a/b',
  'unix://a',
  '0s',
  '1s',
  '-1s',
  '0.5ms',
  '1.5ms',
  '1.5s',
  '5',
  '10x',
  '80',
  '0',
  '65536',
  '-1',
  'http',
  'HTTP',
  'TCP',
  'HTTPS',
  'TLS',
  'SIMPLE',
  'MUTUAL',
  'DISABLE',
  'STATIC',
  'NONE',
  'DNS',
  'ALLOW',
  'DENY',
  'CUSTOM',
  '5xx,gateway-errors',
  '503',
  'host',
  ':authority',
  'x y',
  '%',
  '100%',
  '%A%',
  '%A(["b"])%',
  '%A(',
  '[',
  'a(b',
  '/{**}/x',
  '/{*}/x',
  '/{a}',
  '/x y/{*}',
  'source.namespace',
  'request.header[x]',
  'request.headers[x]',
  'request.headers',
  'request.auth.claims[a][b]',
  'destination.labels[x]',
  'cluster.local/ns/a/sa/b',
  '*x*',
  'x*y',
  'a/b/c',
  'eu',
  'eu/*',
  'eu/a/*',
  'eu/*/b',
  'ftp://x',
  'NOT_FOUND',
  'x'.repeat(64),
  'x'.repeat(300),
];
const NUMBERS = [
  -1, 0, 1, 2, 99, 100, 101, 199, 200, 418, 600, 601, 1.5, 65_535, 65_536,
  0.00001,
];

function placesIn(value: any): Place[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const keys: (string | number)[] = Array.isArray(value)
    ? value.map((_item, index) => index)
    : Object.keys(value);
  return keys.flatMap(key => [{ holder: value, key }, ...placesIn(value[key])]);
}

/** The fields of all maps that stand under one name, to be put into others of that name. */
const FIELDS_BY_NAME = new Map<string, [string, unknown][]>();
for (const { spec } of wellFormedObjects()) {
  for (const { holder, key } of placesIn({ spec })) {
    const value = holder[key];
    if (typeof value === 'object' && value && !Array.isArray(value)) {
      const name = nameOf(key);
      FIELDS_BY_NAME.set(name, [
        ...(FIELDS_BY_NAME.get(name) ?? []),
        ...Object.entries(value),
      ]);
    }
  }
}

/** Items of all lists count as one name. */
function nameOf(key: string | number): string {
  return typeof key === 'number' ? '[]' : key;
}

/** What is done to one place, chosen by a number: it goes, changes its value, empties, doubles, moves to another name. */
function change({ holder, key }: Place, how: number, what: number): void {
  const value = holder[key];
  const kind = how % 10;
  if (kind < 2) {
    if (Array.isArray(holder)) {
      holder.splice(key as number, 1);
    } else {
      delete holder[key];
    }
  } else if (kind === 2 && Array.isArray(holder)) {
    holder.push(structuredClone(value));
  } else if (kind === 2) {
    holder[TEXTS[what % TEXTS.length]] = value;
    delete holder[key];
  } else if (Array.isArray(value)) {
    holder[key] = kind < 6 ? [] : [value[0], structuredClone(value[0])];
  } else if (typeof value === 'object' && value !== null) {
    const fields = FIELDS_BY_NAME.get(nameOf(key)) ?? [];
    const [field, other] = fields[what % Math.max(fields.length, 1)] ?? [];
    if (kind < 5 || !field) {
      holder[key] = {};
    } else {
      value[field] = structuredClone(other);
    }
  } else if (typeof value === 'number') {
    holder[key] = NUMBERS[what % NUMBERS.length];
  } else if (typeof value === 'boolean') {
    holder[key] = !value;
  } else {
    holder[key] = TEXTS[what % TEXTS.length];
  }
}

/** A well-formed object of any kind, with up to three changes at places of its spec. */
export function changedObjects(): fc.Arbitrary<AnyObject> {
  const most = wellFormedObjects().length;
  return fc
    .tuple(
      fc.nat(most - 1),
      fc.array(fc.tuple(fc.nat(), fc.nat(9), fc.nat()), { maxLength: 3 }),
    )
    .map(([which, changes]) => {
      const object = wellFormedObjects()[which];
      for (const [where, how, what] of changes) {
        const places = placesIn(object.spec);
        if (places.length > 0) {
          change(places[where % places.length], how, what);
        }
      }
      return object;
    });
}
