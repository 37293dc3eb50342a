import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { MeshConfigSet } from '@meshdeck/istio-config';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_MESHDECK_ENTITY,
  CallerView,
} from '@meshdeck/plugin-mesh-common';
import type { EntityIndex } from '../access/EntityIndex';

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

  async withOwners(
    callers: CallerView[],
    set: MeshConfigSet,
    credentials: BackstageCredentials,
  ): Promise<CallerView[]> {
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

/** What the caller's own Service says it belongs to. */
function entityRefOf(
  set: MeshConfigSet,
  caller: CallerView,
): string | undefined {
  const service = set.get('Service', caller.namespace, caller.name);
  const named =
    service?.metadata.annotations?.[ANNOTATION_MESHDECK_ENTITY]?.toLowerCase();
  const id = service?.metadata.labels?.[ANNOTATION_KUBERNETES_ID];
  return named ?? (id && `component:default/${id.toLowerCase()}`);
}
