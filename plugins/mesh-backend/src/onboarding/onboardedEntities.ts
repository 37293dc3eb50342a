import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import type { KubeObject } from '@meshdeck/istio-config';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_MESHDECK_OWNER,
  ANNOTATION_MESHDECK_SERVICES,
  ANNOTATION_MESHDECK_SYSTEM,
  LABEL_MESHDECK_ONBOARDED,
} from '@meshdeck/plugin-mesh-common';
import { namedEntities } from '../access/namedEntities';
import type { ClusterStores } from '../cluster/ClusterStores';

/** The entities of Services that Meshdeck onboarded, read from the clusters: nothing of them is kept elsewhere. */
export async function onboardedEntities(
  clusters: ClusterStores,
): Promise<Entity[]> {
  const entities: Entity[] = [];
  for (const cluster of await clusters.names()) {
    const store = await clusters.get(cluster);
    for (const service of store?.snapshot().set.all('Service') ?? []) {
      const entity = entityOf(service, cluster);
      if (entity) {
        entities.push(entity);
      }
    }
  }
  return entities;
}

function entityOf(service: KubeObject, cluster: string): Entity | undefined {
  const { labels, annotations, namespace, name } = service.metadata;
  const [ref] = namedEntities(service);
  const owner = annotations?.[ANNOTATION_MESHDECK_OWNER];
  if (labels?.[LABEL_MESHDECK_ONBOARDED] !== 'true' || !ref || !owner) {
    return undefined;
  }
  const location = `meshdeck:${cluster}/${namespace}/${name}`;
  const entity = parseEntityRef(ref);
  const system = annotations[ANNOTATION_MESHDECK_SYSTEM];
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: entity.name,
      namespace: entity.namespace,
      description: annotations['meshdeck.io/description'],
      annotations: {
        [ANNOTATION_MESHDECK_SERVICES]: `${namespace}/${name}`,
        [ANNOTATION_KUBERNETES_CLUSTER]: cluster,
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      },
    },
    spec: {
      type: 'service',
      lifecycle: 'experimental',
      owner,
      ...(system ? { system } : {}),
    },
  };
}
