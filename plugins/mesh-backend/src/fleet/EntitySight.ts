import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';

/** Permission backends read a question whole; a larger one may be refused. */
const MOST_AT_ONCE = 200;

/** Which entities of the catalog one reader may see. */
export class EntitySight {
  static async of(
    permissions: PermissionsService,
    credentials: BackstageCredentials,
  ): Promise<EntitySight> {
    const [{ result }] = await permissions.authorizeConditional(
      [{ permission: catalogEntityReadPermission }],
      { credentials },
    );
    return new EntitySight(permissions, credentials, result);
  }

  private constructor(
    private readonly permissions: PermissionsService,
    private readonly credentials: BackstageCredentials,
    private readonly result: AuthorizeResult,
  ) {}

  /** Whether the policy shows every entity, without a condition. */
  get isUnlimited(): boolean {
    return this.result === AuthorizeResult.ALLOW;
  }

  /** Those of the entities that the reader may see; only a policy with conditions is asked about each. */
  async among(refs: Iterable<string>): Promise<ReadonlySet<string>> {
    const asked = [...new Set(refs)];
    if (this.result !== AuthorizeResult.CONDITIONAL) {
      return new Set(this.isUnlimited ? asked : []);
    }
    const seen = new Set<string>();
    for (let from = 0; from < asked.length; from += MOST_AT_ONCE) {
      const some = asked.slice(from, from + MOST_AT_ONCE);
      const decisions = await this.permissions.authorize(
        some.map(resourceRef => ({
          permission: catalogEntityReadPermission,
          resourceRef,
        })),
        { credentials: this.credentials },
      );
      some
        .filter(
          (_ref, index) => decisions[index].result === AuthorizeResult.ALLOW,
        )
        .forEach(ref => seen.add(ref));
    }
    return seen;
  }
}
