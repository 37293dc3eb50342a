import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { MeshConfigSet } from '@meshdeck/istio-config';
import {
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_MESHDECK_ENTITY,
  CallerView,
} from '@meshdeck/plugin-mesh-common';

/** Finds the catalog entities of callers, as far as the reader may see them. */
export class OwnerLookup {
  static create(options: { catalog: CatalogService }) {
    return new OwnerLookup(options.catalog);
  }

  private constructor(private readonly catalog: CatalogService) {}

  async withOwners(
    callers: CallerView[],
    set: MeshConfigSet,
    credentials: BackstageCredentials,
  ): Promise<CallerView[]> {
    const refs = callers.map(caller => entityRefOf(set, caller));
    const wanted = [...new Set(refs.filter(ref => ref !== undefined))];
    if (wanted.length === 0) {
      return callers;
    }
    const { items } = await this.catalog.getEntitiesByRefs(
      { entityRefs: wanted, fields: ['kind', 'metadata', 'relations'] },
      { credentials },
    );
    const owners = new Map(
      wanted.map((ref, index) => [
        ref,
        items[index] && {
          owner: items[index].relations?.find(
            ({ type }) => type === RELATION_OWNED_BY,
          )?.targetRef,
        },
      ]),
    );
    return callers.map((caller, index) => {
      const ref = refs[index];
      const found = ref && owners.get(ref);
      return found ? { ...caller, entityRef: ref, owner: found.owner } : caller;
    });
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
