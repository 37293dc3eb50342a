import { InputError } from '@backstage/errors';
import {
  beforeOf,
  deliveredBy,
  describeRef,
  type MeshObjects,
  type ObjectEdit,
  refOf,
} from '@meshdeck/istio-config';
import type { ChangeLock, ChangePreview } from '@meshdeck/plugin-mesh-common';
import type { Step } from './Change';

/** What a change would do, worked out on the objects as they are in the cluster now. */
export interface Plan {
  /** In the order in which they are made: at least one. */
  steps: readonly Step[];
  sentence: string;
  /** The mesh as it is, and as it would be. */
  sets: { before: MeshObjects; after: MeshObjects };
  findings: Pick<ChangePreview, 'findingsNew' | 'findingsFixed'>;
  givesBack?: true;
  /** Other field managers that own what would be written. */
  owners: string[];
}

/**
 * @param isRequestOnly - what Argo CD or Flux delivers is not changed in the cluster, whoever confirms it.
 * @throws InputError where the preview asked for a word that was not given, or said that it cannot be.
 */
export function requireTakeOver(
  plan: Plan,
  { takeOver }: ChangeLock,
  isRequestOnly: boolean,
): void {
  const blocker = blockerOf(plan);
  if (blocker) {
    throw new InputError(blocker);
  }
  const { steps, owners } = plan;
  for (const { edit } of steps) {
    const before = beforeOf(edit);
    const { tool, madeBy } = (before && deliveredBy(before)) ?? {};
    if (before && tool && isRequestOnly) {
      throw new InputError(
        `${tool} delivers ${describeRef(
          refOf(before),
        )}, and this portal changes such objects by pull request only.`,
      );
    }
    if (before && tool && !takeOver) {
      throw new InputError(
        `${madeBy ?? tool} manages ${describeRef(
          refOf(before),
        )} and will revert a direct change. Change it in its repository, or confirm that you want it all the same.`,
      );
    }
  }
  if (owners.length > 0 && !takeOver) {
    throw new InputError(
      `${owners.join(
        ' and ',
      )} owns what would be changed. Confirm that Meshdeck takes it over.`,
    );
  }
}

export function editsOf({ steps }: Plan): ObjectEdit[] {
  return steps.map(({ edit }) => edit);
}

/** Argo CD and Flux, as far as they manage what is changed. */
export function gitOpsToolsOf({ steps }: Plan): string[] {
  const tools = steps.flatMap(({ edit }) => {
    const before = beforeOf(edit);
    return (before && deliveredBy(before)?.tool) ?? [];
  });
  return [...new Set(tools)];
}

/** An error that a change would bring keeps it from being applied, but not from being taken back. */
export function blockerOf({ findings, givesBack }: Plan): string | undefined {
  if (givesBack) {
    return undefined;
  }
  const error = findings.findingsNew.find(({ level }) => level === 'error');
  return error && `${error.message} ${error.fix}`;
}
