import { InputError } from '@backstage/errors';
import {
  destinationRulesFor,
  effectiveRoutes,
  EffectiveRoutes,
  KubeObject,
  MeshConfigSet,
  RouteRule,
  Subset,
} from '@meshdeck/istio-config';
import type {
  CanaryRule,
  Placement,
  WeightIntent,
} from '@meshdeck/plugin-mesh-common';
import { describeRequests } from '@meshdeck/istio-config';

/** The versions of a service and the rules that can split requests between them. */
export interface WeightPlanner {
  routes: EffectiveRoutes;
  subsets: readonly Subset[];
  rules: CanaryRule[];
}

/** Reads who gets which share today. */
export function readWeights(
  set: MeshConfigSet,
  placement: Placement,
): WeightPlanner {
  const { namespace, service } = placement;
  const routes = effectiveRoutes(set, {
    namespace,
    service,
    from: { type: 'mesh', namespace },
  });
  const { subsets } = destinationRulesFor(set, routes.host, {
    clientNamespace: namespace,
    serviceNamespace: namespace,
  });
  const rules = routes.decidedBy
    ? routes.rules
        .filter(rule => isMovable(rule, routes.host, subsets))
        .map(rule => ({
          index: rule.index,
          requests: describeRequests(rule, {
            alone: routes.rules.length === 1,
          }),
          weights: weightsOf(rule, subsets),
        }))
    : [];
  return { routes, subsets, rules };
}

/** Only a rule that sends everything to versions of this very service. */
function isMovable(
  rule: RouteRule,
  host: string,
  subsets: readonly Subset[],
): boolean {
  const known = new Set(subsets.map(({ name }) => name));
  const named = rule.destinations.map(({ subset }) => subset);
  return (
    subsets.length > 1 &&
    rule.destinations.length > 0 &&
    new Set(named).size === named.length &&
    rule.destinations.every(
      destination =>
        destination.host === host &&
        destination.subset !== undefined &&
        known.has(destination.subset),
    )
  );
}

function weightsOf(
  rule: RouteRule,
  subsets: readonly Subset[],
): Record<string, number> {
  return Object.fromEntries(
    subsets.map(({ name }) => [
      name,
      Math.round(
        (rule.destinations.find(({ subset }) => subset === name)?.share ?? 0) *
          100,
      ),
    ]),
  );
}

/**
 * The VirtualService with the weights of one rule moved; all else stays as it is.
 * @throws InputError where the intent does not fit the object.
 */
export function planWeights(
  object: KubeObject,
  planner: Pick<WeightPlanner, 'rules'>,
  intent: WeightIntent,
): KubeObject {
  const rule = planner.rules.find(({ index }) => index === intent.ruleIndex);
  if (!rule) {
    throw new InputError(
      `Rule ${intent.ruleIndex + 1} of ${
        object.metadata.name
      } does not split requests between versions of this service.`,
    );
  }
  const unknown = Object.keys(intent.weights).find(
    subset => !Object.hasOwn(rule.weights, subset),
  );
  if (unknown !== undefined) {
    throw new InputError(
      `There is no subset "${unknown.slice(0, 63)}"; there are ${Object.keys(
        rule.weights,
      ).join(', ')}.`,
    );
  }
  const total = Object.values(intent.weights).reduce((a, b) => a + b, 0);
  if (total !== 100) {
    throw new InputError(`The weights add up to ${total}, not to 100.`);
  }
  const http = structuredClone(object.spec.http);
  const routes: any[] = http[intent.ruleIndex].route;
  const [pattern] = routes;
  for (const subset of Object.keys(rule.weights)) {
    const weight = intent.weights[subset] ?? 0;
    const own = routes.find(route => route.destination.subset === subset);
    if (own) {
      own.weight = weight;
    } else if (weight > 0) {
      routes.push({
        ...structuredClone(pattern),
        destination: { ...pattern.destination, subset },
        weight,
      });
    }
  }
  return { ...object, spec: { ...object.spec, http } };
}

/** "10 % of requests move from stable to canary". */
export function describeMove(
  before: Record<string, number>,
  after: Record<string, number>,
): string {
  const changes = Object.keys(before).map(subset => ({
    subset,
    by: (after[subset] ?? 0) - before[subset],
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
