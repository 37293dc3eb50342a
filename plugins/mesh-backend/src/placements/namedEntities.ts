import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { MeshObjects } from '@meshdeck/istio-config';
import { ANNOTATION_MESHDECK_ENTITY } from '@meshdeck/plugin-mesh-common';

/** The entities that an object of a cluster says it belongs to. What is no reference is left out: somebody typed it. */
export function namedEntities(
  object: { metadata: { annotations?: Record<string, string> } } | undefined,
): string[] {
  const text = object?.metadata.annotations?.[ANNOTATION_MESHDECK_ENTITY] ?? '';
  return text.split(',').flatMap(ref => normalized(ref.trim()) ?? []);
}

/** The entities that a Service names, then those that its Namespace names: whoever else claims it is not believed. */
export function entitiesNamedBy(
  set: MeshObjects,
  { namespace, service }: { namespace: string; service: string },
): string[] {
  return [
    ...namedEntities(set.get('Service', namespace, service)),
    ...namedEntities(set.namespace(namespace)),
  ];
}

function normalized(ref: string): string | undefined {
  try {
    return stringifyEntityRef(
      parseEntityRef(ref, {
        defaultKind: 'component',
        defaultNamespace: 'default',
      }),
    );
  } catch {
    return undefined;
  }
}
