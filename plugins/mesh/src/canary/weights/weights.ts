import type { CanaryRule } from '@meshdeck/plugin-mesh-common';

/** Subset name to weight, whole percents that add up to 100. */
export type Weights = Record<string, number>;

/**
 * Gives one version a share and the others the rest, in the proportion they had.
 *
 * @remarks
 *
 * The result adds up to 100 exactly: what rounding leaves goes to the versions that lost most by it.
 */
export function withWeight(
  weights: Weights,
  subset: string,
  weight: number,
): Weights {
  const own = Math.min(100, Math.max(0, Math.round(weight)));
  const others = Object.keys(weights).filter(name => name !== subset);
  if (others.length === 0) {
    return { [subset]: 100 };
  }
  const rest = 100 - own;
  const before = others.reduce((sum, name) => sum + weights[name], 0);
  const exact = others.map((name, index) => {
    const alone = index === 0 ? rest : 0;
    return {
      name,
      weight: before > 0 ? (weights[name] / before) * rest : alone,
    };
  });
  let left =
    rest - exact.reduce((sum, other) => sum + Math.floor(other.weight), 0);
  const next: Weights = { [subset]: own };
  for (const other of [...exact].sort(
    (a, b) => (b.weight % 1) - (a.weight % 1),
  )) {
    next[other.name] = Math.floor(other.weight) + (left > 0 ? 1 : 0);
    left -= left > 0 ? 1 : 0;
  }
  // In the order in which the versions are shown.
  return Object.fromEntries(
    Object.keys(weights).map(name => [name, next[name]]),
  );
}

/** True where a person changed something. */
export function sameWeights(a: Weights, b: Weights): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(name => a[name] === b[name])
  );
}

const STEADY_NAMES = ['stable', 'primary', 'baseline', 'current'];

/** The version that traffic is moved to: the last one that is not called the steady one. */
export function newcomer(weights: Weights): string | undefined {
  const names = Object.keys(weights);
  return names.filter(name => !isSteady(name, names)).pop() ?? names.pop();
}

/** By its name, `shop-primary`, or as the Service that the others are called after: `shop` beside `shop-next`. */
function isSteady(name: string, names: readonly string[]): boolean {
  return (
    STEADY_NAMES.some(
      steady => name === steady || name.endsWith(`-${steady}`),
    ) || names.some(other => other.startsWith(`${name}-`))
  );
}

/** Tells a rule from all others, also from another one that stands at its place later. */
export function keyOf({ rule: { object, path, digest } }: CanaryRule): string {
  return [object.kind, object.namespace, object.name, path, digest].join(' ');
}

/** The rule whose weights the page shows: the one that splits requests, else the last, which takes what no other took. */
export function mainRule(rules: readonly CanaryRule[]): CanaryRule | undefined {
  const splits = ({ weights }: CanaryRule) =>
    Object.values(weights).filter(weight => weight > 0).length > 1;
  return rules.find(splits) ?? rules.at(-1);
}
