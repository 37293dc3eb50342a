import {
  Entity,
  parseEntityRef,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  PlacementSpec,
  readPlacementSpec,
} from '../placements/readPlacementSpec';
import { Claimable, kubernetesIdsIn } from './claimable';

/** The entity of a Service and who owns it. Nobody may see it who may not read the entity. */
export interface OwningEntity {
  ref: string;
  owner?: string;
  /** Only the entity's own annotation says so; the cluster names none. */
  isClaimed?: true;
}

interface Claimant {
  ref: string;
  owner?: string;
  spec: PlacementSpec;
}

/**
 * Finds the entity of a thing in a cluster from both sides: what its own object, or its Namespace, names, and what the entity's
 * annotations ask for. Where the cluster names entities, one of them has to claim the thing, and nobody else is believed, nor
 * is the object alone. Where it names none, one that claims it alone is shown as a claim, and of several none.
 */
export class EntityClaims {
  static of(entities: readonly Entity[]): EntityClaims {
    return new EntityClaims(entities);
  }

  private readonly byRef = new Map<string, Claimant>();
  private readonly byService = new Map<string, Claimant[]>();
  private readonly byId = new Map<string, Claimant[]>();

  private constructor(entities: readonly Entity[]) {
    for (const entity of entities) {
      const spec = readPlacementSpec(entity);
      if ('problem' in spec) {
        continue;
      }
      const claimant = {
        ref: stringifyEntityRef(entity),
        owner: entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
          ?.targetRef,
        spec,
      };
      this.byRef.set(claimant.ref, claimant);
      for (const { namespace, name } of spec.services ?? []) {
        file(this.byService, `${namespace}/${name}`, claimant);
      }
      if (spec.id !== undefined) {
        file(this.byId, spec.id, claimant);
      }
    }
  }

  find(cluster: string, thing: Claimable): OwningEntity | undefined {
    return thing.named.length > 0
      ? this.agreed(cluster, thing)
      : this.claimed(cluster, thing);
  }

  private agreed(cluster: string, thing: Claimable): OwningEntity | undefined {
    const found = thing.named
      .map(ref => this.byRef.get(ref))
      .find(entity => entity && fits(entity.spec, cluster, thing));
    return found && { ref: found.ref, owner: found.owner };
  }

  private claimed(cluster: string, thing: Claimable): OwningEntity | undefined {
    if (thing.isOfPlatform) {
      return undefined;
    }
    const claimants = new Map(
      [
        ...(this.byService.get(`${thing.namespace}/${thing.service}`) ?? []),
        ...kubernetesIdsIn(thing).flatMap(id => this.byId.get(id) ?? []),
      ]
        .filter(({ spec }) => fits(spec, cluster, thing))
        .map(claimant => [claimant.ref, claimant]),
    );
    const all = [...claimants.values()];
    const components = all.filter(
      ({ ref }) => parseEntityRef(ref).kind === 'component',
    );
    // An API or a Resource may be claimed with its Component; of two Components nobody knows which one lies.
    const [found, ...others] = components.length > 0 ? components : all;
    return found && others.length === 0
      ? { ref: found.ref, owner: found.owner, isClaimed: true }
      : undefined;
  }
}

/** Whether what an entity asks for is this. */
function fits(spec: PlacementSpec, cluster: string, thing: Claimable): boolean {
  const { namespace, service } = thing;
  if (
    (spec.cluster ?? cluster) !== cluster ||
    (spec.namespace ?? namespace) !== namespace
  ) {
    return false;
  }
  if (spec.services) {
    return spec.services.some(
      named => named.namespace === namespace && named.name === service,
    );
  }
  if (spec.id !== undefined) {
    return kubernetesIdsIn(thing).includes(spec.id);
  }
  const { selector } = spec;
  return selector !== undefined && thing.labels.some(selector.matches);
}

function file<V>(index: Map<string, V[]>, key: string, value: V): void {
  const list = index.get(key);
  if (list) {
    list.push(value);
  } else {
    index.set(key, [value]);
  }
}
