import { createBackendModule } from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { OwnersChangePolicy } from './OwnersChangePolicy';

/** The demo portal's permission policy. */
export const ownersChangeModule = createBackendModule({
  pluginId: 'permission',
  moduleId: 'owners-change',
  register(env) {
    env.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(OwnersChangePolicy.create());
      },
    });
  },
});
