import {
  Entity,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { PlacementWish, readWish } from '../placements/readWish';
import type { FleetFacts } from './fleetFacts';

/** The entity of a service and who owns it. Nobody may see it who may not read the entity. */
export interface FleetEntity {
  ref: string;
  owner?: string;
}

interface Candidate extends FleetEntity {
  wish: PlacementWish;
}

/** Finds the entities of many services: by what the Service says, else by what an entity's annotations say. */
export class FleetEntities {
  static of(entities: readonly Entity[]): FleetEntities {
    return new FleetEntities(entities);
  }

  private readonly byRef = new Map<string, FleetEntity>();
  private readonly byService = new Map<string, Candidate[]>();
  private readonly byId = new Map<string, Candidate[]>();

  private constructor(entities: readonly Entity[]) {
    for (const entity of entities) {
      const known = {
        ref: stringifyEntityRef(entity),
        owner: entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
          ?.targetRef,
      };
      this.byRef.set(known.ref, known);
      const wish = readWish(entity);
      if ('problem' in wish) {
        continue;
      }
      const candidate = { ...known, wish };
      for (const { namespace, name } of wish.services ?? []) {
        file(this.byService, `${namespace}/${name}`, candidate);
      }
      if (wish.id !== undefined) {
        file(this.byId, wish.id, candidate);
      }
    }
  }

  find(
    cluster: string,
    {
      namespace,
      service,
      entityRefs,
      kubernetesIds,
    }: Pick<
      FleetFacts,
      'namespace' | 'service' | 'entityRefs' | 'kubernetesIds'
    >,
  ): FleetEntity | undefined {
    if (entityRefs.length > 0) {
      return entityRefs
        .map(ref => this.byRef.get(ref))
        .find(entity => entity !== undefined);
    }
    return [
      ...(this.byService.get(`${namespace}/${service}`) ?? []),
      ...kubernetesIds.flatMap(id => this.byId.get(id) ?? []),
    ].find(
      ({ wish }) =>
        (wish.cluster ?? cluster) === cluster &&
        (wish.namespace ?? namespace) === namespace,
    );
  }
}

function file<V>(index: Map<string, V[]>, key: string, value: V): void {
  const list = index.get(key);
  if (list) {
    list.push(value);
  } else {
    index.set(key, [value]);
  }
}
