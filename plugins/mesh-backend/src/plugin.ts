import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { meshPermissions } from '@meshdeck/plugin-mesh-common';
import {
  MeshClusterAccess,
  meshClusterAccessExtensionPoint,
} from '@meshdeck/plugin-mesh-node';
import { EntityAccess } from './access/EntityAccess';
import { EntityIndex } from './access/EntityIndex';
import { registerMeshActions } from './actions/registerMeshActions';
import { CertificatesService } from './certificates/CertificatesService';
import { WeightChanges } from './changes/WeightChanges';
import { ClusterStores } from './cluster/ClusterStores';
import { KubernetesProxyAccess } from './cluster/KubernetesProxyAccess';
import { readMeshSettings } from './config';
import { ControlPlaneService } from './fleet/ControlPlaneService';
import { FleetCertificates } from './fleet/FleetCertificates';
import { FleetService } from './fleet/FleetService';
import { DiagnosisService } from './diagnosis/DiagnosisService';
import { OpinionService } from './kiali/OpinionService';
import { MeshMeters } from './meters/MeshMeters';
import { MetricsService } from './metrics/MetricsService';
import { OnboardingService } from './onboarding/OnboardingService';
import { PlacementService } from './placements/PlacementService';
import { createMeshRouter } from './router';
import { ChangeSignals } from './signals/ChangeSignals';
import { Beat } from './sources/Beat';
import { SourceCache } from './sources/SourceCache';
import { Sources } from './sources/Sources';
import { SystemServices } from './topology/SystemServices';
import { TopologyService } from './topology/TopologyService';
import { TracesService } from './traces/TracesService';
import { CanaryService } from './views/CanaryService';
import { OverviewService } from './views/OverviewService';
import { OwnerLookup } from './views/OwnerLookup';
import { RoutesService } from './views/RoutesService';
import { SecurityService } from './views/SecurityService';
import { ViewCache } from './views/ViewCache';

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
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        cache: coreServices.cache,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auth, discovery, logger } = deps;
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
        const entities = EntityIndex.create(deps);
        deps.lifecycle.addStartupHook(() => entities.start());
        deps.lifecycle.addShutdownHook(() => entities.stop());
        const placements = PlacementService.create({ clusters });
        const access = EntityAccess.create({ ...deps, placements, entities });
        const beat = Beat.create({ periodMs: settings.refreshMs });
        const meters = MeshMeters.create(deps);
        meters.observeWatchLag(() => clusters.silences());
        const sourceCache = SourceCache.create({
          beat,
          shared: deps.cache,
          onHit: () => meters.cacheHit(),
        });
        const sources = Sources.create({
          settings,
          cache: sourceCache,
          observe: (source, observation) =>
            meters.sourceAnswered(source, observation),
        });
        const signals = ChangeSignals.create({ ...deps, clusters });
        const metrics = MetricsService.create({ sources });
        const changing = {
          clusters,
          access: clusterAccess,
          logger,
          deadlineMs,
        };
        const overview = OverviewService.create({ clusters, metrics });
        const routes = RoutesService.create({ clusters, metrics });
        const owners = OwnerLookup.create({ ...deps, entities });
        const security = SecurityService.create({ clusters, metrics, owners });
        const canary = CanaryService.create({ clusters, metrics, access });
        const certificates = CertificatesService.create({
          clusters,
          access: clusterAccess,
          sources,
          cache: sourceCache,
          deadlineMs,
        });
        const views = { overview, routes, security, canary };
        registerMeshActions({ ...deps, ...views, access });
        // For probes: whether the clusters have been read says nothing of what is in them.
        deps.httpRouter.addAuthPolicy({
          path: '/v1/health',
          allow: 'unauthenticated',
        });
        deps.httpRouter.use(
          createMeshRouter({
            httpAuth: deps.httpAuth,
            access,
            entities,
            clusters,
            cache: ViewCache.create({
              clusters,
              beat,
              meters,
              onRead: placement => signals.follow(placement),
            }),
            placements,
            ...views,
            topology: TopologyService.create({
              clusters,
              metrics,
              owners,
              systems: SystemServices.create({ ...deps, entities, placements }),
            }),
            traces: TracesService.create({ clusters, sources, settings }),
            changes: WeightChanges.create(changing),
            onboarding: OnboardingService.create({
              ...changing,
              userInfo: deps.userInfo,
            }),
            fleet: FleetService.create({
              clusters,
              sources,
              entities,
              permissions: deps.permissions,
              settings,
            }),
            controlPlanes: ControlPlaneService.create({
              clusters,
              sources,
              certificates: FleetCertificates.create({
                clusters,
                certificates,
                access: clusterAccess,
                cache: sourceCache,
                deadlineMs,
              }),
            }),
            certificates,
            opinion: OpinionService.create({ sources, overview }),
            diagnosis: DiagnosisService.create({
              clusters,
              access: clusterAccess,
              sources,
              settings,
              cache: sourceCache,
            }),
          }),
        );
      },
    });
  },
});
