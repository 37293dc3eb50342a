import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { findWorkload, MeshConfigSet } from '@meshdeck/istio-config';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_MESHDECK_ENTITY,
} from '@meshdeck/plugin-mesh-common';
import type { EntityIndex } from '../access/EntityIndex';

/** A thing in a namespace: a Service, or a workload of that name. */
interface Owned {
  name: string;
  namespace?: string;
}

/** Finds the catalog entities of callers, as far as the reader may see them. */
export class OwnerLookup {
  static create(options: {
    entities: EntityIndex;
    permissions: PermissionsService;
  }) {
    return new OwnerLookup(options.entities, options.permissions);
  }

  private constructor(
    private readonly entities: EntityIndex,
    private readonly permissions: PermissionsService,
  ) {}

  async withOwners<T extends Owned>(
    callers: T[],
    set: MeshConfigSet,
    credentials: BackstageCredentials,
  ): Promise<(T & { entityRef?: string; owner?: string })[]> {
    const refs = callers.map(caller => entityRefOf(set, caller));
    const wanted = [...new Set(refs.filter(ref => ref !== undefined))];
    const visible = await this.visible(wanted, credentials);
    const found = await Promise.all(
      visible.map(async ref => [ref, await this.entities.get(ref)] as const),
    );
    const known = new Map(found);
    return callers.map((caller, index) => {
      const ref = refs[index];
      const entity = ref && known.get(ref);
      return entity
        ? {
            ...caller,
            entityRef: ref,
            owner: entity.relations?.find(
              ({ type }) => type === RELATION_OWNED_BY,
            )?.targetRef,
          }
        : caller;
    });
  }

  private async visible(
    refs: string[],
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    if (refs.length === 0) {
      return [];
    }
    const decisions = await this.permissions.authorize(
      refs.map(resourceRef => ({
        permission: catalogEntityReadPermission,
        resourceRef,
      })),
      { credentials },
    );
    return refs.filter(
      (_ref, index) => decisions[index].result === AuthorizeResult.ALLOW,
    );
  }
}

/** What the thing's own Service says it belongs to, else its workload. */
function entityRefOf(
  set: MeshConfigSet,
  { name, namespace }: Owned,
): string | undefined {
  const object =
    set.get('Service', namespace, name) ??
    (namespace === undefined
      ? undefined
      : findWorkload(set, namespace, name)?.owner);
  const named =
    object?.metadata.annotations?.[ANNOTATION_MESHDECK_ENTITY]?.toLowerCase();
  const id = object?.metadata.labels?.[ANNOTATION_KUBERNETES_ID];
  return named ?? (id && `component:default/${id.toLowerCase()}`);
}
