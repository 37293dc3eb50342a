import type { Edit } from '../findings/Mend';
import type { MeshObjects } from '../MeshObjects';
import type { ChangePlan } from './ChangePlan';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';
import { editTemplate } from './editWorkload';
import { setFields } from './setFields';

const INJECTION = 'istio-injection';
const REVISION = 'istio.io/rev';
const MODE = 'istio.io/dataplane-mode';
const INJECT = 'sidecar.istio.io/inject';

const WORDS = {
  sidecar: 'gets sidecars',
  ambient: 'is in ambient mode',
  none: 'is out of the mesh',
} as const;

/** @public */
export interface EnrolmentAnswers {
  /** A workload of the service; absent: all of its namespace. */
  workload?: string;
  /** `none`: out of the mesh. */
  mode: 'sidecar' | 'ambient' | 'none';
  /** Of istiod, for sidecars; absent: the default one. */
  revision?: string;
}

/**
 * Takes a namespace or a workload into the mesh, or out of it.
 *
 * @throws EditRefused
 * @public
 */
export function planEnrolment(
  set: MeshObjects,
  service: ServiceName,
  { workload, mode, revision }: EnrolmentAnswers,
): ChangePlan {
  if (
    revision !== undefined &&
    !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(revision)
  ) {
    throw new EditRefused(
      `"${revision.slice(0, 63)}" is no revision; expected such as 1-30.`,
    );
  }
  if (revision !== undefined && mode !== 'sidecar') {
    throw new EditRefused('Only sidecars are of a revision.');
  }
  if (workload !== undefined) {
    const edit = editTemplate(set, service, { workload }, [
      ...workloadLabels(mode, revision),
    ]);
    return {
      edits: [edit],
      sentence: `${workload} ${WORDS[mode]}. Its pods are replaced one after the other.`,
    };
  }
  const namespace = set.namespace(service.namespace);
  if (!namespace) {
    throw new EditRefused(`Namespace ${service.namespace} is not there.`);
  }
  return {
    edits: [setFields(namespace, namespaceLabels(mode, revision))],
    sentence: `Namespace ${service.namespace} ${WORDS[mode]}. ${
      mode === 'ambient'
        ? 'Its pods are taken in without a restart.'
        : 'That counts for pods that start from now on: restart those that run.'
    }`,
  };
}

function namespaceLabels(
  mode: EnrolmentAnswers['mode'],
  revision: string | undefined,
): Edit[] {
  const isDefault = mode === 'sidecar' && revision === undefined;
  const label = (name: string, value: string | undefined): Edit => ({
    at: ['metadata', 'labels', name],
    value,
  });
  return [
    // Injection by this label would go before a revision.
    label(INJECTION, isDefault ? 'enabled' : undefined),
    label(REVISION, mode === 'sidecar' ? revision : undefined),
    label(MODE, mode === 'ambient' ? 'ambient' : undefined),
  ];
}

function workloadLabels(
  mode: EnrolmentAnswers['mode'],
  revision: string | undefined,
): Edit[] {
  const label = (name: string, value: string | undefined): Edit => ({
    at: ['labels', name],
    value,
  });
  return [
    label(INJECT, mode === 'sidecar' ? 'true' : 'false'),
    label(REVISION, mode === 'sidecar' ? revision : undefined),
    label(MODE, mode === 'ambient' ? 'ambient' : 'none'),
  ];
}
