import type { MeshObjects } from '../MeshObjects';
import type { ChangePlan } from './ChangePlan';
import type { ServiceName } from './editRule';
import { editTemplate, type WorkloadAnswer } from './editWorkload';

/** As `kubectl rollout restart` marks it. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** @public */
export interface RestartAnswers extends WorkloadAnswer {
  /** The time of the restart, ISO 8601. */
  at: string;
}

/**
 * Replaces the pods of a workload one after the other.
 *
 * @throws EditRefused
 * @public
 */
export function planRestart(
  set: MeshObjects,
  service: ServiceName,
  { workload, at }: RestartAnswers,
): ChangePlan {
  const edit = editTemplate(set, service, { workload }, [
    { at: ['annotations', RESTARTED_AT], value: at },
  ]);
  return {
    edits: [edit],
    sentence: `The pods of ${workload} are replaced one after the other.`,
  };
}
