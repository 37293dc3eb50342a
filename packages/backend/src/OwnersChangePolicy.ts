import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { kubernetesPermissions } from '@backstage/plugin-kubernetes-common';
import {
  AuthorizeResult,
  isPermission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  meshCanaryRunPermission,
  meshSecurityChangePermission,
  meshServiceChangePermission,
} from '@meshdeck/plugin-mesh-common';

const CHANGES = [
  meshCanaryRunPermission,
  meshSecurityChangePermission,
  meshServiceChangePermission,
];

/** Who runs the clusters. */
const PLATFORM_TEAM = 'group:default/team-platform';

/**
 * Everybody may look at everything; only an entity's owner may change what the mesh does with it. The clusters themselves
 * (their API servers through `kubernetes.proxy`, their objects and their list) are open to the platform team alone: the
 * portal's account stands behind them, whoever asks. Meshdeck's own requests come from the plugin itself, which no policy is
 * asked about.
 */
export class OwnersChangePolicy implements PermissionPolicy {
  static create() {
    return new OwnersChangePolicy();
  }

  private constructor() {}

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const claims = user?.info.ownershipEntityRefs ?? [];
    const change = CHANGES.find(known => isPermission(permission, known));
    if (change) {
      return createCatalogConditionalDecision(
        change,
        catalogConditions.isEntityOwner({ claims }),
      );
    }
    if (kubernetesPermissions.some(known => isPermission(permission, known))) {
      return {
        result: claims.includes(PLATFORM_TEAM)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      };
    }
    return { result: AuthorizeResult.ALLOW };
  }
}
