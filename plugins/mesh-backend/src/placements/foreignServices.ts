import type { MeshObjects } from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_ENTITY,
  Placement,
  PlacementProblem,
} from '@meshdeck/plugin-mesh-common';
import { entitiesNamedBy } from './namedEntities';

/** A Service that names entities, itself or by its Namespace, is not that of an entity that it does not name. */
export function isOfAnother(
  set: MeshObjects,
  place: Omit<Placement, 'id'>,
  entityRef: string,
): boolean {
  const named = entitiesNamedBy(set, place);
  return named.length > 0 && !named.includes(entityRef);
}

/** What to do about it. */
export function ofAnother(
  { cluster, namespace, service }: Omit<Placement, 'id'>,
  entityRef: string,
): PlacementProblem {
  return {
    code: 'of-another-entity',
    message: `Service ${namespace}/${service} of cluster ${cluster} says that it belongs to another entity, so an annotation of this one does not open it.`,
    fix: `If it belongs to this one, too, who runs the Service adds ${entityRef} to its annotation ${ANNOTATION_MESHDECK_ENTITY}.`,
    snippet: `metadata:\n  annotations:\n    ${ANNOTATION_MESHDECK_ENTITY}: ${entityRef}\n`,
  };
}
