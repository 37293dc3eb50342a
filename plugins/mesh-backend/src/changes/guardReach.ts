import { NotAllowedError } from '@backstage/errors';
import {
  describeRef,
  fieldsOf,
  itemsOf,
  type KubeObject,
  type MeshObjects,
  refOf,
  selects,
  type Workload,
  workloadsIn,
  workloadsOf,
} from '@meshdeck/istio-config';
import { POLICY_KINDS } from '../memory/policyKinds';
import { bindingProblem } from './binding';
import type { Asked } from './Change';
import { refuseForeignServices } from './foreignServices';
import { guardObject } from './guard';

const OF_HOSTS = [
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
];

/**
 * What stands against a change of an object that is also for others: for other services by its hosts, for other workloads by its selector,
 * or for all of a namespace.
 *
 * @param set - the mesh with the object, as it is or as it would be.
 * @throws NotAllowedError where one of these does not name the entity.
 */
export function guardReach(
  set: MeshObjects,
  object: KubeObject,
  asked: Asked,
): void {
  const { kind } = object;
  if (OF_HOSTS.includes(kind)) {
    refuseForeignServices(set, refOf(object), asked);
  }
  if (POLICY_KINDS.includes(kind)) {
    if (isForAll(object)) {
      const { namespace: name = '' } = object.metadata;
      guardObject(set, asked, { apiVersion: 'v1', kind: 'Namespace', name });
    } else {
      refuseForeignWorkloads(set, object, asked);
    }
  }
}

/** Whether a policy is for all of its namespace; one on a waypoint is for all whom that stands before. */
function isForAll({ kind, spec }: KubeObject): boolean {
  const targets = targetsOf(spec);
  return (
    POLICY_KINDS.includes(kind) &&
    (targets.length > 0
      ? targets.some(target => target?.kind !== 'Service')
      : fieldsOf(spec?.selector?.matchLabels).length === 0)
  );
}

function targetsOf(spec: KubeObject['spec']): any[] {
  return [...itemsOf(spec?.targetRefs), spec?.targetRef].filter(
    target => target !== undefined && target !== null,
  );
}

/** @throws NotAllowedError where the policy is for a workload that is behind no service that names the entity. */
function refuseForeignWorkloads(
  set: MeshObjects,
  policy: KubeObject,
  { entityRef, placement }: Asked,
): void {
  const { namespace = '' } = policy.metadata;
  const own = new Set(
    set
      .inNamespace('Service', namespace)
      .filter(
        ({ metadata: { name: service } }) =>
          !bindingProblem(set, { ...placement, namespace, service }, entityRef),
      )
      .flatMap(({ metadata: { name } }) => workloadsOf(set, namespace, name)),
  );
  const others = workloadsUnder(set, policy).filter(
    workload => !own.has(workload),
  );
  if (others.length > 0) {
    throw new NotAllowedError(
      `${describeRef(refOf(policy))} is for ${others
        .map(({ name }) => name)
        .join(
          ', ',
        )}, too, behind no service that names ${entityRef}. Change it together with who owns that, or select less.`,
    );
  }
}

/** The workloads of its namespace that a policy takes. */
export function workloadsUnder(
  set: MeshObjects,
  policy: KubeObject,
): readonly Workload[] {
  const { metadata, spec } = policy;
  const { namespace = '' } = metadata;
  const targets = targetsOf(spec);
  return targets.length > 0 && !isForAll(policy)
    ? targets.flatMap(({ name }) => workloadsOf(set, namespace, String(name)))
    : workloadsIn(set, namespace).filter(({ labels }) =>
        selects(spec?.selector?.matchLabels, labels),
      );
}
