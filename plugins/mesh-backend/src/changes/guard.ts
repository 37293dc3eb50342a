import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  describeRef,
  type KubeObjectRef,
  type MeshObjects,
} from '@meshdeck/istio-config';
import { ANNOTATION_MESHDECK_ENTITY } from '@meshdeck/plugin-mesh-common';
import { namedEntities } from '../placements/namedEntities';
import { isSystemNamespace } from '../placements/systemNamespaces';
import { rolloutObstacle, writerObstacle } from '../rollouts/rollouts';
import { bindingProblem } from './binding';
import type { Asked } from './Change';

/**
 * What stands against every change for a service's sake, whatever it does. Whether the person has the permission is asked
 * elsewhere; here the cluster says its half.
 *
 * @param set - holds the Service and its Namespace as they are now.
 * @throws NotFoundError, NotAllowedError
 */
export function guardService(
  set: MeshObjects,
  { placement, entityRef }: Asked,
): void {
  const { namespace, service } = placement;
  if (!set.get('Service', namespace, service)) {
    throw new NotFoundError(
      `Service ${namespace}/${service} is not there any more. Nothing was changed.`,
    );
  }
  const unbound = bindingProblem(set, placement, entityRef);
  if (unbound) {
    throw new NotAllowedError(unbound);
  }
}

/**
 * What stands against every change of an object.
 *
 * @param set - holds the Namespaces, the rollouts and the object as they are now.
 * @throws NotAllowedError, ConflictError
 */
export function guardObject(
  set: MeshObjects,
  asked: Asked,
  object: KubeObjectRef,
): void {
  const closed = closedNamespace(set, asked, object);
  if (closed) {
    throw new NotAllowedError(closed);
  }
  const driven =
    isMovedByRollouts(object) &&
    (rolloutObstacle(set, asked.placement) ?? writerObstacle(set, object));
  if (driven) {
    throw new ConflictError(driven);
  }
}

/** Whether Flagger or Argo Rollouts write such objects. */
export function isMovedByRollouts({ kind }: KubeObjectRef): boolean {
  return ['VirtualService', 'HTTPRoute', 'GRPCRoute'].includes(kind);
}

/**
 * Why an object is not to be touched where it lies: in a namespace of the platform, or in one that is another's. Undefined where
 * it may be.
 */
export function closedNamespace(
  set: MeshObjects,
  { placement, entityRef }: Asked,
  object: KubeObjectRef,
): string | undefined {
  const { rootNamespace } = set.meshConfig;
  // What becomes of a Namespace becomes of all that is in it.
  const isNamespace = object.kind === 'Namespace';
  const place = isNamespace ? object.name : object.namespace ?? '';
  const system = [placement.namespace, place].find(namespace =>
    isSystemNamespace(namespace, rootNamespace),
  );
  if (system !== undefined) {
    return `${describeRef(
      object,
    )} cannot be changed from here: ${system} is a namespace of the platform. Ask the platform team.`;
  }
  const isOurs =
    (place === placement.namespace && !isNamespace) ||
    namedEntities(set.namespace(place)).includes(entityRef.toLowerCase());
  if (isOurs) {
    return undefined;
  }
  const remedy = `annotate it: ${ANNOTATION_MESHDECK_ENTITY}: ${entityRef}`;
  return isNamespace
    ? `This is for all of ${place}, whose Namespace does not name ${entityRef}. Change it together with who owns that namespace, or ${remedy}`
    : `${describeRef(
        object,
      )} decides over this service from the namespace ${place}, which does not name ${entityRef}. Change it together with who owns that namespace, or ${remedy}`;
}
