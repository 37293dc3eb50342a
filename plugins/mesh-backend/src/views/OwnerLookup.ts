import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import { findWorkload, MeshConfigSet } from '@meshdeck/istio-config';
import type { EntityIndex } from '../access/EntityIndex';
import { EntitySight } from '../access/EntitySight';
import { namedEntities } from '../access/namedEntities';

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
    const refs = callers.map(caller => entityRefsOf(set, caller));
    const sight = EntitySight.create({
      permissions: this.permissions,
      credentials,
    });
    const visible = [...(await sight.among(refs.flat()))];
    const found = await Promise.all(
      visible.map(async ref => [ref, await this.entities.get(ref)] as const),
    );
    const known = new Map(found);
    return callers.map((caller, index) => {
      const entityRef = refs[index].find(ref => known.get(ref));
      return entityRef === undefined
        ? caller
        : {
            ...caller,
            entityRef,
            owner: known
              .get(entityRef)
              ?.relations?.find(({ type }) => type === RELATION_OWNED_BY)
              ?.targetRef,
          };
    });
  }
}

/** What the thing's own Service says it belongs to, else its workload. */
function entityRefsOf(
  set: MeshConfigSet,
  { name, namespace }: Owned,
): string[] {
  const object =
    set.get('Service', namespace, name) ??
    (namespace === undefined
      ? undefined
      : findWorkload(set, namespace, name)?.owner);
  const id = object?.metadata.labels?.[KUBERNETES_ANNOTATION];
  return [
    ...namedEntities(object),
    ...(id ? [`component:default/${id.toLowerCase()}`] : []),
  ];
}
