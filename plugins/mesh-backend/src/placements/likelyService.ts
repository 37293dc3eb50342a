import type { Entity } from '@backstage/catalog-model';
import type { MeshObjects } from '@meshdeck/istio-config';
import { ANNOTATION_KUBERNETES_NAMESPACE } from '@meshdeck/plugin-mesh-common';
import { isSystemNamespace } from './systemNamespaces';

/** `namespace/name` of the Service that an entity without annotations probably is: the one of its name, else what its metadata suggest. */
export function likelyService(
  entity: Entity,
  sets: readonly MeshObjects[],
): string {
  const { name, namespace = 'default', annotations = {} } = entity.metadata;
  const named = annotations[ANNOTATION_KUBERNETES_NAMESPACE];
  const alike = sets
    .flatMap(set =>
      set
        .all('Service')
        .filter(
          ({ metadata }) =>
            metadata.name === name &&
            !isSystemNamespace(
              metadata.namespace,
              set.meshConfig.rootNamespace,
            ),
        ),
    )
    .map(service => service.metadata.namespace);
  const system = String(entity.spec?.system ?? '').replace(/^.*[:/]/, '');
  const isThere = (candidate: string | undefined) =>
    candidate !== undefined && sets.some(set => set.namespace(candidate));
  const place =
    named ??
    alike[0] ??
    [system, namespace].find(candidate => isThere(candidate)) ??
    namespace;
  return `${place}/${name}`;
}
