import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
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
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
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

/** Everybody may look at everything; only an entity's owner may change what the mesh does with it. */
class OwnersChangePolicy implements PermissionPolicy {
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const change = CHANGES.find(permission =>
      isPermission(request.permission, permission),
    );
    if (change) {
      return createCatalogConditionalDecision(
        change,
        catalogConditions.isEntityOwner({
          claims: user?.info.ownershipEntityRefs ?? [],
        }),
      );
    }
    return { result: AuthorizeResult.ALLOW };
  }
}

/** The demo portal's permission policy. */
export const ownersChangeModule = createBackendModule({
  pluginId: 'permission',
  moduleId: 'owners-change',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(new OwnersChangePolicy());
      },
    });
  },
});
