import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type {
  OnboardedCluster,
  OnboardedView,
} from '@meshdeck/plugin-mesh-common';
import { OnboardedPlace } from './OnboardedPlace';

/** An entity of the catalog whose Service is not where it was. */
export interface Missing {
  ref: string;
  cluster: string;
  /** The entity, where another Service has it now. */
  movedTo?: Entity;
}

export interface MutationPlan {
  /** To be in the catalog as they are here. */
  entities: Entity[];
  /** Not to be, or to be another one, once that is certain. */
  missing: Missing[];
}

/**
 * What an answer of the mesh backend means for the catalog. An entity is missing only where its own cluster is configured,
 * was read whole, and has no Service in its place; anything else leaves it alone.
 */
export function planMutation(
  { clusters }: OnboardedView,
  known: ReadonlyMap<string, OnboardedPlace>,
): MutationPlan {
  const byName = new Map(clusters.map(answer => [answer.cluster, answer]));
  const claims = new Map(
    clusters
      .flatMap(({ entities }) => entities)
      .map(entity => [stringifyEntityRef(entity), entity]),
  );
  const entities: Entity[] = [];
  const missing: Missing[] = [];
  for (const [ref, place] of known) {
    const entity = claims.get(ref);
    claims.delete(ref);
    if (entity && OnboardedPlace.of(entity)?.isSameAs(place)) {
      entities.push(entity);
    } else if (isMissing(place, byName.get(place.cluster))) {
      missing.push({ ref, cluster: place.cluster, movedTo: entity });
    }
  }
  return { entities: [...entities, ...claims.values()], missing };
}

function isMissing(
  place: OnboardedPlace,
  answer: OnboardedCluster | undefined,
): boolean {
  return (answer?.isWhole && !answer.held.includes(place.service)) ?? false;
}
