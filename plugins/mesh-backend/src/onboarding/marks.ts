import { stringifyEntityRef, parseEntityRef } from '@backstage/catalog-model';
import type { KubeObject } from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_OWNER,
  LABEL_MESHDECK_ONBOARDED,
} from '@meshdeck/plugin-mesh-common';
import { namedEntities } from '../placements/namedEntities';

/** For whom something was onboarded: the entity, and who owns it. */
export interface Marks {
  entityRef: string;
  owner: string;
}

/** An owner as somebody wrote it, in full; undefined for what names none. */
export function ownerRef(text: string | undefined): string | undefined {
  try {
    return text?.trim()
      ? stringifyEntityRef(
          parseEntityRef(text.trim(), {
            defaultKind: 'group',
            defaultNamespace: 'default',
          }),
        )
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the object was created by Meshdeck, for this entity of this owner. */
export function isMarkedFor(
  object: KubeObject,
  { entityRef, owner }: Marks,
): boolean {
  return (
    isMarked(object) &&
    namedEntities(object).includes(entityRef) &&
    markedOwner(object) === owner
  );
}

export function isMarked({ metadata }: KubeObject): boolean {
  return metadata.labels?.[LABEL_MESHDECK_ONBOARDED] === 'true';
}

/** The owner that the object's mark names. */
export function markedOwner({ metadata }: KubeObject): string | undefined {
  return ownerRef(metadata.annotations?.[ANNOTATION_MESHDECK_OWNER]);
}
