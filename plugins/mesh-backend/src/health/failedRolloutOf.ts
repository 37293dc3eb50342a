import type { MeshObjects } from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import { findRollout } from '../rollouts/findRollout';
import { readRollout, TOOL } from '../rollouts/rollouts';

const ENDED: Readonly<Record<string, string>> = {
  'rolled back': 'rolled the new version back',
  aborted: 'aborted the rollout',
  degraded: 'calls the rollout degraded',
};

/** In a sentence, that a tool sent a new version back; undefined where none did. */
export function failedRolloutOf(
  set: MeshObjects,
  { namespace, service }: Pick<Placement, 'namespace' | 'service'>,
): string | undefined {
  const found = findRollout(set, { namespace, service });
  const phase = found && readRollout(set, found).phase;
  return found && phase !== undefined && Object.hasOwn(ENDED, phase)
    ? `${TOOL[found.provider]} ${
        ENDED[phase]
      }: everything goes to the version before.`
    : undefined;
}
