import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createApplyAction } from './actions/createApplyAction';
import { createRenderAction } from './actions/createRenderAction';
import { createWaitForEntityAction } from './actions/createWaitForEntityAction';

/** Scaffolder actions that onboard a service into the mesh. @public */
export const scaffolderModuleMesh = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'mesh',
  register(env) {
    env.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        discovery: coreServices.discovery,
      },
      async init({ actions, auth, catalog, discovery }) {
        actions.addActions(
          createRenderAction(),
          createApplyAction({ auth, discovery }),
          createWaitForEntityAction({ catalog }),
        );
      },
    });
  },
});
