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
export class VisibleEntities {
  static create(options: {
    permissions: PermissionsService;
    credentials: BackstageCredentials;
    permission?: ResourcePermission;
  }) {
    return new VisibleEntities(options);
  }

  private decision: Promise<AuthorizeResult> | undefined;

  private constructor(
    private readonly options: Parameters<typeof VisibleEntities.create>[0],
  ) {}

  /** Whether the policy shows every entity, without a condition. */
  async isUnlimited(): Promise<boolean> {
    return (await this.decide()) === AuthorizeResult.ALLOW;
  }

  /** Those of the entities for which they have it. */
  async among(refs: Iterable<string>): Promise<ReadonlySet<string>> {
    const asked = [...new Set(refs)];
    // A few are asked about in one question; of many, first whether each has to be.
    if (this.decision || asked.length > MOST_AT_ONCE) {
      const decision = await this.decide();
      if (decision !== AuthorizeResult.CONDITIONAL) {
        return new Set(decision === AuthorizeResult.ALLOW ? asked : []);
      }
    }
    const seen = new Set<string>();
    for (let from = 0; from < asked.length; from += MOST_AT_ONCE) {
      const some = asked.slice(from, from + MOST_AT_ONCE);
      const decisions = await this.ask(some);
      some
        .filter((_ref, index) => decisions[index] === AuthorizeResult.ALLOW)
        .forEach(ref => seen.add(ref));
    }
    return seen;
  }

  private async ask(refs: readonly string[]): Promise<AuthorizeResult[]> {
    const { permissions, credentials } = this.options;
    const decisions = await permissions.authorize(
      refs.map(resourceRef => ({ permission: this.permission, resourceRef })),
      { credentials },
    );
    return decisions.map(({ result }) => result);
  }

  private decide(): Promise<AuthorizeResult> {
    const { permissions, credentials } = this.options;
    this.decision ??= permissions
      .authorizeConditional([{ permission: this.permission }], { credentials })
      .then(([{ result }]) => result);
    return this.decision;
  }

  private get permission(): ResourcePermission {
    return this.options.permission ?? catalogEntityReadPermission;
  }
}
