import { valueAt } from '../kube/place';
import type { MeshObjects } from '../MeshObjects';
import { weighedBackends } from '../routes/gatewayApi/weighedBackends';
import type { VersionSplit } from '../routes/versionSplits';
import type { ChangePlan } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { writtenRule } from './editRule';
import { planBackendShift } from './shiftBackends';
import { describeShift, shiftWeights } from './shiftWeights';

/**
 * Moves requests between the versions of one rule, whether these are subsets or Services.
 *
 * @param weights - version to whole per cents; who is missing gets nothing.
 * @throws EditRefused where the weights are not those of all requests, or are of versions that there are not.
 * @public
 */
export function planShift(
  set: MeshObjects,
  split: VersionSplit,
  weights: Readonly<Record<string, number>>,
): ChangePlan {
  const sentence = describeShift(split.weights, weights);
  const { object, rule } = writtenRule(set, split.source);
  if (split.between === 'subsets') {
    const operations = shiftWeights(object, split, weights);
    return {
      edits: [{ action: 'change', before: object, operations }],
      sentence,
    };
  }
  const found = weighedBackends(object, rule);
  if ('untold' in found) {
    throw new EditRefused(untoldWords(found.untold));
  }
  const unknown = Object.keys(weights).find(
    name => !found.names.includes(name),
  );
  if (unknown !== undefined) {
    throw new EditRefused(
      `There is no backend "${unknown.slice(
        0,
        127,
      )}"; there are ${found.names.join(', ')}.`,
    );
  }
  const { edits } = planBackendShift(set, {
    rule: split.source,
    weights: found.names.map(name =>
      Object.hasOwn(weights, name) ? weights[name] : 0,
    ),
  });
  return { edits, sentence };
}

/** Why the weights of a rule of an HTTPRoute or GRPCRoute are not moved from here; undefined where they are. @public */
export function whyNoShift(
  set: MeshObjects,
  { object: ref, at }: VersionSplit['source'],
): string | undefined {
  const object = set.get(ref.kind, ref.namespace, ref.name);
  const found = object && weighedBackends(object, valueAt(object, at));
  return found && 'untold' in found ? untoldWords(found.untold) : undefined;
}

function untoldWords(untold: string): string {
  return `The weights of this rule are not moved from here: ${untold}. Edit the YAML instead.`;
}
