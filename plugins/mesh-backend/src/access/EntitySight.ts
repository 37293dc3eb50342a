import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  ResourcePermission,
} from '@backstage/plugin-permission-common';

/** Permission backends read a question whole; a larger one may be refused. */
const MOST_AT_ONCE = 200;

/** For which entities of the catalog one person has a permission; by default, which ones they may see. */
export class EntitySight {
  static async of(
    permissions: PermissionsService,
    credentials: BackstageCredentials,
    permission: ResourcePermission = catalogEntityReadPermission,
  ): Promise<EntitySight> {
    const [{ result }] = await permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    return new EntitySight(permissions, credentials, permission, result);
  }

  private constructor(
    private readonly permissions: PermissionsService,
    private readonly credentials: BackstageCredentials,
    private readonly permission: ResourcePermission,
    private readonly result: AuthorizeResult,
  ) {}

  /** Whether the policy shows every entity, without a condition. */
  get isUnlimited(): boolean {
    return this.result === AuthorizeResult.ALLOW;
  }

  /** Those of the entities for which they have it; only a policy with conditions is asked about each. */
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
          permission: this.permission,
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
