import type { KubeObject } from '../kube/KubeObject';
import { type Place, valueAt } from '../kube/place';
import { itemsOf, ownField } from '../kube/reading';
import type { VersionSplit } from '../routes/versionSplits';
import { sharesOf } from '../routes/weights';
import { EditRefused } from './EditRefused';
import type { PatchOperation } from './PatchOperation';

type Weights = Readonly<Record<string, number>>;

/**
 * Moves requests between the versions of one rule. Only weights are written, and a destination is added for a version that the
 * rule did not name; whatever else the rule and the object hold, known or not, stays as it is.
 *
 * @throws EditRefused where the weights are not those of all requests, or are of versions that there are not.
 * @public
 */
export function shiftWeights(
  object: KubeObject,
  { source, weights: today }: VersionSplit,
  weights: Weights,
): PatchOperation[] {
  check(weights, today);
  const list = [...source.at, 'route'];
  const entries = itemsOf(valueAt(object, list));
  const wanted = entries.map(entry => weightOf(weights, subsetOf(entry)));
  const missing = Object.keys(today).filter(
    subset =>
      weightOf(weights, subset) > 0 &&
      !entries.some(entry => subsetOf(entry) === subset),
  );
  if (missing.length === 0 && isSo(entries, wanted)) {
    return [];
  }
  return [
    ...entries.flatMap((entry, index) => assumed(entry, [...list, index])),
    ...entries.flatMap((entry, index) =>
      weighted(entry, [...list, index], {
        weight: wanted[index],
        isAlone: entries.length === 1,
      }),
    ),
    ...missing.map((subset, index) => ({
      op: 'add' as const,
      at: [...list, entries.length + index],
      value: likeFirst(entries, subset, weightOf(weights, subset)),
    })),
  ];
}

/** Whatever the numbers are: 1 and 3 give what 25 and 75 do. */
function isSo(entries: readonly unknown[], wanted: readonly number[]): boolean {
  const weights = entries.map(entry => ownField(entry, 'weight'));
  const shares = sharesOf(weights);
  return (
    (weights.length === 1 || weights.some(weight => weight > 0)) &&
    shares.every((share, index) => Math.abs(share * 100 - wanted[index]) < 1e-6)
  );
}

function check(weights: Weights, today: Weights): void {
  const versions = Object.keys(today);
  const unknown = Object.keys(weights).find(
    subset => !Object.hasOwn(today, subset),
  );
  if (unknown !== undefined) {
    throw new EditRefused(
      `There is no subset "${unknown.slice(0, 63)}"; there are ${versions.join(
        ', ',
      )}.`,
    );
  }
  const given = Object.entries(weights);
  const odd = given.find(
    ([, weight]) => !Number.isInteger(weight) || weight < 0 || weight > 100,
  );
  if (odd) {
    throw new EditRefused(
      `The weight of ${odd[0]} is ${odd[1]}; expected a whole number from 0 to 100.`,
    );
  }
  const total = given.reduce((sum, [, weight]) => sum + weight, 0);
  if (total !== 100) {
    throw new EditRefused(`The weights add up to ${total}, not to 100.`);
  }
}

/** What is taken for granted of a destination. */
function assumed(entry: unknown, at: Place): PatchOperation[] {
  const { host, subset } = ownField(entry, 'destination');
  const test = (place: Place, value: unknown): PatchOperation => ({
    op: 'test',
    at: place,
    value,
  });
  return [
    test([...at, 'destination', 'host'], host),
    test([...at, 'destination', 'subset'], subset),
    ...(hasWeight(entry) ? [test([...at, 'weight'], entry.weight)] : []),
  ];
}

/** Without a weight an entry counts 0, unless it is alone: then it is everything. */
function weighted(
  entry: unknown,
  at: Place,
  { weight, isAlone }: { weight: number; isAlone: boolean },
): PatchOperation[] {
  const place = [...at, 'weight'];
  if (hasWeight(entry)) {
    return entry.weight === weight
      ? []
      : [{ op: 'replace', at: place, value: weight }];
  }
  return weight === 0 && !isAlone
    ? []
    : [{ op: 'add', at: place, value: weight }];
}

/** Requests to the version are treated as those to the first one: same port, same headers. */
function likeFirst(
  [first]: readonly any[],
  subset: string,
  weight: number,
): unknown {
  return {
    ...first,
    destination: { ...first.destination, subset },
    weight,
  };
}

function hasWeight(entry: unknown): entry is { weight: unknown } {
  return ownField(entry, 'weight') !== undefined;
}

function subsetOf(entry: unknown): string {
  return ownField(ownField(entry, 'destination'), 'subset');
}

function weightOf(weights: Weights, subset: string): number {
  return Object.hasOwn(weights, subset) ? weights[subset] : 0;
}

/** "10 % of requests move from stable to canary." @public */
export function describeShift(before: Weights, after: Weights): string {
  const changes = Object.keys(before).map(subset => ({
    subset,
    by: weightOf(after, subset) - before[subset],
  }));
  const from = changes.filter(({ by }) => by < 0);
  const to = changes.filter(({ by }) => by > 0);
  const moved = to.reduce((sum, { by }) => sum + by, 0);
  if (moved === 0) {
    return 'Nothing changes.';
  }
  const names = (list: typeof changes) =>
    list.map(({ subset }) => subset).join(' and ');
  return `${moved} % of requests move from ${names(from)} to ${names(to)}.`;
}
