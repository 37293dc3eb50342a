import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { MeshObjects } from '@meshdeck/istio-config';
import { VisibleEntities } from '../access/VisibleEntities';
import { claimableNamed } from './claimable';
import type { Ownership } from './Ownership';

/** A thing in a namespace: a Service, or a workload of that name. */
interface Owned {
  name: string;
  namespace?: string;
}

/** What is added to a thing whose entity is known. */
interface WithOwner {
  entityRef?: string;
  owner?: string;
  isClaimed?: boolean;
}

/** Finds the catalog entities of callers, as far as both sides agree and the reader may see them. */
export class OwnerLookup {
  static create(options: {
    ownership: Ownership;
    permissions: PermissionsService;
  }) {
    return new OwnerLookup(options.ownership, options.permissions);
  }

  private constructor(
    private readonly ownership: Ownership,
    private readonly permissions: PermissionsService,
  ) {}

  async withOwners<T extends Owned>(
    things: readonly T[],
    cluster: { name: string; set: MeshObjects },
    credentials: BackstageCredentials,
  ): Promise<(T & WithOwner)[]> {
    const claims = this.ownership.claims();
    const found = things.map(({ name, namespace }) => {
      const thing =
        namespace === undefined
          ? undefined
          : claimableNamed(cluster.set, namespace, name);
      return thing && claims.find(cluster.name, thing);
    });
    const visibleEntities = VisibleEntities.create({
      permissions: this.permissions,
      credentials,
    });
    const visible = await visibleEntities.among(
      found.flatMap(entity => entity?.ref ?? []),
    );
    return things.map((thing, index) => {
      const entity = found[index];
      return entity && visible.has(entity.ref)
        ? {
            ...thing,
            entityRef: entity.ref,
            owner: entity.owner,
            isClaimed: entity.isClaimed,
          }
        : thing;
    });
  }
}
