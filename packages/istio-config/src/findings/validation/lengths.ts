import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, itemsOf, ownField } from '../../kube/reading';
import { Problem, refused } from './Problem';

type Lengths = readonly (readonly [path: string, most: number])[];

const WORKLOAD: Lengths = [
  ['address', 256],
  ['locality', 2048],
  ['network', 2048],
];
const at = (place: string, lengths: Lengths): Lengths =>
  lengths.map(([path, most]) => [`${place}.${path}`, most] as const);

/** Below `spec`; `[]` is each item of a list, `{}` each value of a map. Beside these stand those that are told with other problems of a field. */
const LONGEST: Record<string, Lengths> = {
  ServiceEntry: [
    ['addresses[]', 64],
    ['ports[].name', 256],
    ['ports[].protocol', 256],
    ...at('endpoints[]', WORKLOAD),
  ],
  WorkloadEntry: WORKLOAD,
  WorkloadGroup: at('template', [...WORKLOAD, ['serviceAccount', 253]]),
  ProxyConfig: [['environmentVariables{}', 2048]],
  WasmPlugin: [['vmConfig.env[].value', 2048]],
  TrafficExtension: [['wasm.vmConfig.env[].value', 2048]],
  RequestAuthentication: [
    ['jwtRules[].jwksUri', 2048],
    ['jwtRules[].jwks_uri', 2048],
  ],
};

/** Text that is longer than its field may be. Source: Istio's definitions, `maxLength`. */
export function* lengthProblems({ kind, spec }: KubeObject): Iterable<Problem> {
  for (const [path, most] of ownField(LONGEST, kind) ?? []) {
    for (const [place, value] of valuesAt(spec, path.split('.'), 'spec')) {
      // The API server counts characters, of which some are two for us.
      if (typeof value === 'string' && [...value].length > most) {
        yield refused(
          place,
          `It has more than ${most} characters.`,
          `Use up to ${most} characters.`,
        );
      }
    }
  }
}

function* valuesAt(
  value: unknown,
  [step, ...rest]: readonly string[],
  place: string,
): Iterable<[place: string, value: unknown]> {
  const [, name, each] = /^(\w+)(\[\]|\{\})?$/.exec(step)!;
  const own: unknown = ownField(value, name);
  const here = `${place}.${name}`;
  const found = foundIn(own, here, each);
  for (const [where, one] of found) {
    if (rest.length === 0) {
      yield [where, one];
    } else {
      yield* valuesAt(one, rest, where);
    }
  }
}

function foundIn(
  own: unknown,
  here: string,
  each: string | undefined,
): [place: string, value: unknown][] {
  switch (each) {
    case '[]':
      return itemsOf(own).map((item, index) => [`${here}[${index}]`, item]);
    case '{}':
      return fieldsOf(own).map(([key, item]) => [`${here}.${key}`, item]);
    default:
      return [[here, own]];
  }
}
