import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { OnboardedEntityProvider } from './OnboardedEntityProvider';

/** Reads onboarded services every few seconds, so that their pages are there when the template ends. @public */
export const catalogModuleMesh = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'mesh',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        discovery: coreServices.discovery,
        logger: coreServices.logger,
        processing: catalogProcessingExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init({ processing, scheduler, ...deps }) {
        processing.addEntityProvider(
          OnboardedEntityProvider.create({
            ...deps,
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
