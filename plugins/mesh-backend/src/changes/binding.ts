import type { MeshObjects } from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_ENTITY,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import { namedEntities } from '../placements/namedEntities';

/**
 * The cluster's half of the two-sided binding: the Service or its Namespace names the entity. Without it an annotation
 * in a catalog file would be enough to change somebody else's service.
 * @returns undefined where it holds, else why not and what to do.
 */
export function bindingProblem(
  set: MeshObjects,
  placement: Placement,
  entityRef: string,
): string | undefined {
  const objects = [
    set.get('Service', placement.namespace, placement.service),
    set.namespace(placement.namespace),
  ];
  const named = objects.flatMap(namedEntities);
  return named.includes(entityRef.toLowerCase())
    ? undefined
    : `Service ${placement.namespace}/${placement.service} does not name ${entityRef}, so it cannot be changed from here. Annotate the Service: ${ANNOTATION_MESHDECK_ENTITY}: ${entityRef}`;
}
