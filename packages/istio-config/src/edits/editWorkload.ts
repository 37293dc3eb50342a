import type { Edit } from '../findings/Mend';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import type { ObjectEdit } from './ChangePlan';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';
import { setFields } from './setFields';

/** @public */
export interface WorkloadAnswer {
  /** The name of a workload of the service. */
  workload: string;
}

/** Kinds that make new pods, one after the other, when their template changes. */
const ROLLED = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * Sets fields of the pods that a workload of a service makes: they are replaced one after the other.
 *
 * @throws EditRefused
 */
export function editTemplate(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  { workload }: WorkloadAnswer,
  edits: readonly Edit[],
): ObjectEdit {
  const known = workloadsOf(set, namespace, service);
  const found = known.find(({ name }) => name === workload);
  if (!found) {
    throw new EditRefused(
      `${service} has no workload "${workload.slice(0, 63)}"${
        known.length > 0
          ? `; it has ${known.map(({ name }) => name).join(', ')}`
          : ''
      }.`,
    );
  }
  const { owner, kind } = found;
  if (!owner || !ROLLED.includes(kind)) {
    throw new EditRefused(
      `${kind} ${workload} does not replace its pods by itself. Change it where it is made.`,
    );
  }
  return setFields(
    owner,
    edits.map(({ at, value }) => ({
      at: ['spec', 'template', 'metadata', ...at],
      value,
    })),
  );
}
