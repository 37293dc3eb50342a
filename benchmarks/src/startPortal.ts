import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createBackendModule,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import type { Entity } from '@backstage/catalog-model';
import { generatedEntities } from '@meshdeck/demo-mesh';
import { meshServiceReadPermission } from '@meshdeck/plugin-mesh-common';
import Router from 'express-promise-router';

/** Brings the entities of the generated mesh into the catalog. */
const entitiesModule = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'generated-entities',
  register(env) {
    env.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        const entities = generatedEntities({
          services: Number(process.env.BENCH_SERVICES),
        });
        catalog.addEntityProvider({
          getProviderName: () => 'generated',
          connect: connection =>
            connection.applyMutation({
              type: 'full',
              entities: entities.map(entity => ({
                entity: {
                  ...entity,
                  metadata: {
                    ...entity.metadata,
                    annotations: {
                      'backstage.io/managed-by-location':
                        'url:http://generated',
                      'backstage.io/managed-by-origin-location':
                        'url:http://generated',
                      ...entity.metadata.annotations,
                    },
                  },
                } as Entity,
                locationKey: 'generated',
              })),
            }),
        });
      },
    });
  },
});

/** The least that a route can do: name the caller and ask for the permission. And the size of the heap. */
const limitPlugin = createBackendPlugin({
  pluginId: 'limit',
  register(env) {
    env.registerInit({
      deps: {
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
      },
      async init({ httpAuth, httpRouter, permissions }) {
        const router = Router();
        router.get('/limit/:name', async (req, res) => {
          const credentials = await httpAuth.credentials(req);
          const [{ result }] = await permissions.authorize(
            [
              {
                permission: meshServiceReadPermission,
                resourceRef: `component:default/${req.params.name}`,
              },
            ],
            { credentials },
          );
          res.json({ result });
        });
        router.get('/heap', (_req, res) => {
          global.gc?.();
          global.gc?.();
          res.json({ heapBytes: process.memoryUsage().heapUsed });
        });
        httpRouter.use(router);
      },
    });
  },
});

const backend = createBackend();
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(entitiesModule);
backend.add(import('@backstage/plugin-kubernetes-backend'));
backend.add(import('@backstage-community/plugin-kiali-backend'));
backend.add(import('@meshdeck/plugin-mesh-backend'));
backend.add(limitPlugin);
void backend.start();
