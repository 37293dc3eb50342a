import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { meshPermissions } from '@meshdeck/plugin-mesh-common';
import {
  MeshClusterAccess,
  meshClusterAccessExtensionPoint,
} from '@meshdeck/plugin-mesh-node';
import { EntityAccess } from './access/EntityAccess';
import { WeightChanges } from './changes/WeightChanges';
import { ClusterStores } from './cluster/ClusterStores';
import { KubernetesProxyAccess } from './cluster/KubernetesProxyAccess';
import { readMeshSettings } from './config';
import { MetricsService } from './metrics/MetricsService';
import { OnboardingService } from './onboarding/OnboardingService';
import { PlacementService } from './placements/PlacementService';
import { createMeshRouter } from './router';
import { TracesService } from './traces/TracesService';
import { CanaryService } from './views/CanaryService';
import { OverviewService } from './views/OverviewService';
import { OwnerLookup } from './views/OwnerLookup';
import { RoutesService } from './views/RoutesService';
import { SecurityService } from './views/SecurityService';

/** Shows, explains and changes what the mesh does with the services of catalog entities. @public */
export const meshPlugin = createBackendPlugin({
  pluginId: 'mesh',
  register(env) {
    let ownAccess: MeshClusterAccess | undefined;
    env.registerExtensionPoint(meshClusterAccessExtensionPoint, {
      setClusterAccess(access) {
        if (ownAccess) {
          throw new Error('The way into the clusters is set twice');
        }
        ownAccess = access;
      },
    });
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auth, catalog, discovery, logger } = deps;
        const settings = readMeshSettings(deps.config);
        const { deadlineMs } = settings;
        const clusterAccess =
          ownAccess ?? KubernetesProxyAccess.create({ auth, discovery });
        const clusters = ClusterStores.create({
          access: clusterAccess,
          logger,
          deadlineMs,
        });
        deps.lifecycle.addStartupHook(() => clusters.start());
        deps.lifecycle.addShutdownHook(() => clusters.stop());
        deps.permissionsRegistry.addPermissions(meshPermissions);
        const placements = PlacementService.create({ clusters });
        const access = EntityAccess.create({ ...deps, placements });
        const metrics = MetricsService.create({ settings });
        const changing = {
          clusters,
          access: clusterAccess,
          logger,
          deadlineMs,
        };
        deps.httpRouter.use(
          createMeshRouter({
            httpAuth: deps.httpAuth,
            access,
            clusters,
            placements,
            overview: OverviewService.create({ clusters, metrics }),
            routes: RoutesService.create({ clusters, metrics }),
            security: SecurityService.create({
              clusters,
              metrics,
              owners: OwnerLookup.create({ catalog }),
            }),
            traces: TracesService.create({ clusters, settings }),
            canary: CanaryService.create({ clusters, metrics, access }),
            changes: WeightChanges.create(changing),
            onboarding: OnboardingService.create({
              ...changing,
              userInfo: deps.userInfo,
            }),
          }),
        );
      },
    });
  },
});
