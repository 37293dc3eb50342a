import type { KubeObject } from '../kube/KubeObject';
import { defineFinding, type FindingRule } from './Finding';
import { overlappingSelectors } from './overlappingSelectors';

/** A rule about a kind of which only the oldest object counts where two select the same pods. */
export function conflictingSelectors({
  kind,
  path,
  labelsOf,
  ...rule
}: Pick<FindingRule, 'code' | 'source'> & {
  kind: string;
  path: string;
  labelsOf: (object: KubeObject) => unknown;
}): FindingRule {
  return defineFinding({
    ...rule,
    level: 'error',
    inputs: [kind],
    *find({ [kind]: objects }, set) {
      for (const { object, others, workload } of overlappingSelectors(
        set,
        objects,
        labelsOf,
      )) {
        yield {
          resource: object,
          path,
          message: `${kind} ${others.join(
            ', ',
          )} also selects ${workload}: only the oldest of them counts there.`,
          fix: `Let each pod be selected by one ${kind}.`,
        };
      }
    },
  });
}
