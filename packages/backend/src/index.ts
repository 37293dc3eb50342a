import { createBackend } from '@backstage/backend-defaults';
import { ownersChangeModule } from './ownersChangeModule';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(ownersChangeModule);
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-signals-backend'));

backend.add(import('@meshdeck/plugin-mesh-backend'));
backend.add(import('@meshdeck/plugin-catalog-backend-module-mesh'));
backend.add(import('@meshdeck/plugin-scaffolder-backend-module-mesh'));

backend.start();
