import {
  describeRef,
  type KubeObjectRef,
  MeshObjects,
  refOf,
} from '@meshdeck/istio-config';
import type { Placement, RolloutView } from '@meshdeck/plugin-mesh-common';
import { readArgo } from './argo';
import { findRollout, FoundRollout } from './findRollout';
import { readFlagger } from './flagger';
import type { VersionPair } from './gates';
import { rolloutWriting } from './rolloutWriting';

/** What people call the tool. */
export const TOOL: Record<RolloutView['provider'], string> = {
  flagger: 'Flagger',
  argo: 'Argo Rollouts',
};

/** A rollout as its object tells it; the numbers are for gates that the mesh can answer as well. */
export function readRollout(
  set: MeshObjects,
  found: FoundRollout,
  numbers: VersionPair = {},
): RolloutView {
  return found.provider === 'flagger'
    ? readFlagger(found, numbers)
    : readArgo(set, found);
}

/**
 * Why nobody should move weights by hand: a tool does. Undefined where none does.
 *
 * @remarks
 *
 * Argo sets its weights again whenever it looks. Flagger goes on from the weight that it finds and sets it back in the end.
 */
export function rolloutObstacle(
  set: MeshObjects,
  placement: Placement,
): string | undefined {
  const found = findRollout(set, placement);
  return found?.movesWeights ? drivenWords(found) : undefined;
}

/** The same of an object, whichever service’s page it is changed from. */
export function writerObstacle(
  set: MeshObjects,
  object: KubeObjectRef,
): string | undefined {
  const writer = rolloutWriting(set, object);
  return writer && drivenWords(writer);
}

function drivenWords(found: Pick<FoundRollout, 'provider' | 'object'>): string {
  const object = describeRef(refOf(found.object));
  return found.provider === 'flagger'
    ? `Flagger drives this canary (${object}); a weight moved by hand would not last. Change the Canary, or suspend it first (spec.suspend).`
    : `Argo Rollouts drives this canary (${object}); a weight moved by hand would not last. Change the Rollout, or promote or abort it with its own tools.`;
}

/** "step 2 of 5, Flagger", for a line that has no room for more. */
export function rolloutInShort(
  set: MeshObjects,
  placement: Pick<Placement, 'namespace' | 'service'>,
): { words: string; weight?: number } | undefined {
  const found = findRollout(set, placement);
  if (!found) {
    return undefined;
  }
  const { step, phase, weight } = readRollout(set, found);
  const where = step ? `step ${step.number} of ${step.of}` : phase;
  return { words: `${where}, ${TOOL[found.provider]}`, weight };
}
