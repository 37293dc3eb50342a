import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { OnboardedEntityProvider } from './OnboardedEntityProvider';

/** Reads onboarded services every few seconds, so that their pages are there when the template ends. @public */
export const catalogModuleMesh = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'mesh',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, catalog, discovery, logger, scheduler }) {
        catalog.addEntityProvider(
          OnboardedEntityProvider.create({
            auth,
            discovery,
            logger,
            taskRunner: scheduler.createScheduledTaskRunner({
              frequency: { seconds: 5 },
              timeout: { seconds: 30 },
              initialDelay: { seconds: 5 },
            }),
          }),
        );
      },
    });
  },
});
