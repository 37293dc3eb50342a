import type { Entity } from '@backstage/catalog-model';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import { ANNOTATION_MESHDECK_SERVICES } from '@meshdeck/plugin-mesh-common';

const LEADING_ANNOTATIONS = [
  ANNOTATION_MESHDECK_SERVICES,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
  KUBERNETES_ANNOTATION,
];

/**
 * True for a Component that leads to a Kubernetes Service, and for every Component of type `service`: without an
 * annotation its tabs say which lines are missing.
 *
 * @public
 */
export function isMeshAvailable(entity: Entity): boolean {
  if (entity.kind.toLowerCase() !== 'component') {
    return false;
  }
  const annotations = entity.metadata.annotations ?? {};
  return (
    entity.spec?.type === 'service' ||
    LEADING_ANNOTATIONS.some(name => annotations[name] !== undefined)
  );
}
