import type {
  AuditorService,
  AuthService,
  CacheService,
  HttpAuthService,
  LoggerService,
  PermissionsService,
  RootConfigService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { MetricsService as OwnMetricsService } from '@backstage/backend-plugin-api/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { AuditTrail } from './access/AuditTrail';
import { EntityAccess } from './access/EntityAccess';
import { EntityIndex } from './access/EntityIndex';
import { createBusyMeter } from './eventLoop/busyMeter';
import { CertificatesService } from './certificates/CertificatesService';
import { CanaryService } from './canary/CanaryService';
import { WeightHistory } from './canary/WeightHistory';
import { ChangePipeline } from './changes/ChangePipeline';
import { ClusterStores } from './cluster/ClusterStores';
import { WriterAccess } from './cluster/WriterAccess';
import { readMeshSettings } from './config/readMeshSettings';
import { ControlPlaneService } from './fleet/ControlPlaneService';
import { FleetCertificates } from './fleet/FleetCertificates';
import { FleetService } from './fleet/FleetService';
import { SourceCheckService } from './sourceChecks/SourceCheckService';
import { OpinionService } from './opinion/OpinionService';
import { MeshMeters } from './meters/MeshMeters';
import { MetricsService } from './metrics/MetricsService';
import { OnboardedServices } from './onboarding/OnboardedServices';
import { OnboardingService } from './onboarding/OnboardingService';
import { PlacementService } from './placements/PlacementService';
import { ChangeSignals } from './signals/ChangeSignals';
import { RefreshPeriod } from './sources/RefreshPeriod';
import { SourceCache } from './sources/SourceCache';
import { Sources } from './sources/Sources';
import { SystemServices } from './topology/SystemServices';
import { TopologyService } from './topology/TopologyService';
import { TracesService } from './traces/TracesService';
import { OverviewService } from './overview/OverviewService';
import { OwnerLookup } from './ownership/OwnerLookup';
import { Ownership } from './ownership/Ownership';
import { RoutesService } from './routes/RoutesService';
import { SecurityService } from './security/SecurityService';
import { ViewCache } from './views/ViewCache';
import type { RouterServices } from './http/router';

/** What of the portal the mesh stands on. */
export interface MeshGround {
  auditor: AuditorService;
  auth: AuthService;
  cache: CacheService;
  catalog: CatalogService;
  clusterAccess: MeshClusterAccess;
  config: RootConfigService;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  metrics: OwnMetricsService;
  permissions: PermissionsService;
  signals: SignalsService;
  userInfo: UserInfoService;
}

/** Puts the services together; nothing reads or listens before it is started. */
export function assembleMesh(ground: MeshGround): {
  services: RouterServices;
  start(): void;
  stop(): void;
} {
  const { cache, logger, permissions } = ground;
  const settings = readMeshSettings(ground.config);
  const clusterAccess = WriterAccess.create({
    access: ground.clusterAccess,
    writers: settings.writers,
    logger,
  });
  const { deadlineMs } = settings;
  const clusters = ClusterStores.create({
    access: clusterAccess,
    logger,
    deadlineMs,
  });
  const entities = EntityIndex.create(ground);
  const placements = PlacementService.create({ clusters });
  const access = EntityAccess.create({
    ...ground,
    placements,
    entities,
    trail: AuditTrail.create(ground),
  });
  const period = RefreshPeriod.create({ periodMs: settings.refreshMs });
  const meters = MeshMeters.create(ground);
  meters.observeWatchLag(() => clusters.silences());
  const sourceCache = SourceCache.create({
    period,
    shared: settings.sharesAnswers ? cache : undefined,
    onHit: () => meters.cacheHit(),
  });
  const sources = Sources.create({
    settings,
    cache: sourceCache,
    observe: (source, observation) =>
      meters.sourceAnswered(source, observation),
  });
  const signals = ChangeSignals.create({ ...ground, clusters });
  const metrics = MetricsService.create({ sources });
  const ownership = Ownership.create({ entities });
  const owners = OwnerLookup.create({ permissions, ownership });
  const overview = OverviewService.create({ metrics });
  const reading = { clusters, access: clusterAccess, deadlineMs };
  const changing = { ...reading, logger };
  const changes = ChangePipeline.create(changing);
  const history = WeightHistory.create({ clusters, changes });
  const asking = { ...reading, cache: sourceCache };
  const certificates = CertificatesService.create({ ...asking, sources });
  const fleet = FleetService.create({
    clusters,
    sources,
    ownership,
    permissions,
    settings,
  });
  return {
    services: {
      access,
      entities,
      signals,
      clusters,
      cache: ViewCache.create({
        clusters,
        period,
        meters,
        isBusy: createBusyMeter(),
      }),
      placements,
      overview,
      routes: RoutesService.create({ clusters, metrics }),
      security: SecurityService.create({ clusters, metrics, owners }),
      canary: CanaryService.create({ clusters, metrics, access, history }),
      topology: TopologyService.create({
        clusters,
        metrics,
        owners,
        systems: SystemServices.create({ permissions, entities, placements }),
      }),
      traces: TracesService.create({ clusters, sources, settings }),
      changes,
      onboarded: OnboardedServices.create(changing),
      onboarding: OnboardingService.create({
        ...changing,
        entities,
        userInfo: ground.userInfo,
      }),
      fleet,
      controlPlanes: ControlPlaneService.create({
        clusters,
        sources,
        certificates: FleetCertificates.create({ ...asking, certificates }),
      }),
      certificates,
      opinion: OpinionService.create({ sources, overview }),
      sourceChecks: SourceCheckService.create({ ...asking, sources, settings }),
    },
    start() {
      clusters.start();
      entities.start();
      fleet.start();
    },
    stop() {
      clusters.stop();
      entities.stop();
    },
  };
}
