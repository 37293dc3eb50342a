import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { AuditTrail } from './access/AuditTrail';
import { EntityAccess } from './access/EntityAccess';
import { EntityIndex } from './access/EntityIndex';
import { createBusyMeter } from './eventLoop/busyMeter';
import { CertificatesService } from './certificates/CertificatesService';
import { CanaryService } from './canary/CanaryService';
import { WeightHistory } from './canary/WeightHistory';
import { ChangeEnds } from './changes/ChangeEnds';
import { ChangePipeline } from './changes/ChangePipeline';
import { ChangeRequests } from './changes/ChangeRequests';
import { ChangeSettler } from './changes/ChangeSettler';
import { RequestWatcher } from './changes/RequestWatcher';
import { ClusterStores } from './cluster/ClusterStores';
import { WriterAccess } from './cluster/WriterAccess';
import type { MeshSettings } from './config/MeshSettings';
import { readMeshSettings } from './config/readMeshSettings';
import { MeshDatabase } from './database/MeshDatabase';
import { AlarmClock } from './durable/AlarmClock';
import { LeaseRunner } from './durable/LeaseRunner';
import { LeaseStore } from './durable/LeaseStore';
import { ControlPlaneService } from './fleet/ControlPlaneService';
import { FleetCertificates } from './fleet/FleetCertificates';
import { FleetChangesService } from './fleet/FleetChangesService';
import { FleetService } from './fleet/FleetService';
import { HealthService } from './health/HealthService';
import { SourceCheckService } from './sourceChecks/SourceCheckService';
import { OpinionService } from './opinion/OpinionService';
import { ChangeMemory } from './memory/ChangeMemory';
import { ChangesOfAll } from './memory/ChangesOfAll';
import { ChangesService } from './memory/ChangesService';
import { END } from './memory/ChangeTerm';
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
import { Forges } from './pullRequests/Forges';
import { OwnerLookup } from './ownership/OwnerLookup';
import { Ownership } from './ownership/Ownership';
import { RoutesService } from './routes/RoutesService';
import { SecurityService } from './security/SecurityService';
import { ViewCache } from './views/ViewCache';
import type { RouterServices } from './http/router';
import type { MeshGround } from './meshGround';
import { PlacementViews } from './placementViews/PlacementViews';
import { viewDefinitions } from './placementViews/viewDefinitions';

/** What all features stand on. */
interface Foundation {
  settings: MeshSettings;
  meters: MeshMeters;
  period: RefreshPeriod;
  /** Answers of sources. */
  cache: SourceCache;
  sources: Sources;
  metrics: MetricsService;
  health: HealthService;
  clusterAccess: MeshClusterAccess;
  clusters: ClusterStores;
  entities: EntityIndex;
  placements: PlacementService;
  access: EntityAccess;
  ownership: Ownership;
}

/** Puts the services together; nothing reads or listens before it is started. */
export function assembleMesh(ground: MeshGround): {
  services: RouterServices;
  start(): void;
  stop(): void;
} {
  const base = assembleFoundation(ground);
  const { access, clusters, entities, placements } = base;
  const { fleet, ...overall } = assembleFleet(ground, base);
  const { changes, settler, watcher, alarm, runner, ...written } =
    assembleWriting(ground, base);
  return {
    services: {
      access,
      entities,
      clusters,
      placements,
      signals: ChangeSignals.create({ ...ground, clusters }),
      changes,
      ...written,
      fleet,
      ...overall,
      ...assembleViews(ground, base, changes),
    },
    start() {
      clusters.start();
      entities.start();
      fleet.start();
      for (const begun of [
        settler.start(),
        watcher.start(),
        alarm.start(runner),
      ]) {
        begun.catch(error => ground.logger.error(String(error)));
      }
    },
    stop() {
      runner.stop();
      clusters.stop();
      entities.stop();
    },
  };
}

function assembleFoundation(ground: MeshGround): Foundation {
  const settings = readMeshSettings(ground.config);
  const { logger } = ground;
  const { deadlineMs } = settings;
  const clusterAccess = WriterAccess.create({
    access: ground.clusterAccess,
    writers: settings.writers,
    logger,
  });
  const clusters = ClusterStores.create({
    access: clusterAccess,
    logger,
    deadlineMs,
  });
  const meters = MeshMeters.create(ground);
  meters.observeWatchLag(() => clusters.silences());
  const period = RefreshPeriod.create({ periodMs: settings.refreshMs });
  const cache = SourceCache.create({
    period,
    shared: settings.sharesAnswers ? ground.cache : undefined,
    onHit: () => meters.cacheHit(),
  });
  const sources = Sources.create({
    settings,
    cache,
    observe: (source, observation) =>
      meters.sourceAnswered(source, observation),
  });
  const metrics = MetricsService.create({ sources });
  const entities = EntityIndex.create(ground);
  const placements = PlacementService.create({ clusters });
  const trail = AuditTrail.create(ground);
  return {
    settings,
    meters,
    period,
    cache,
    sources,
    metrics,
    health: HealthService.create({ metrics }),
    clusterAccess,
    clusters,
    entities,
    placements,
    access: EntityAccess.create({ ...ground, placements, entities, trail }),
    ownership: Ownership.create({ entities }),
  };
}

/** What a page of one placement shows. */
function assembleViews(
  { permissions }: MeshGround,
  base: Foundation,
  changes: ChangePipeline,
) {
  const { clusters, entities, placements, ownership, period, meters } = base;
  const owners = OwnerLookup.create({ permissions, ownership });
  const history = WeightHistory.create({ clusters, changes });
  const systems = SystemServices.create({ permissions, entities, placements });
  const overview = OverviewService.create(base);
  const routes = RoutesService.create(base);
  const security = SecurityService.create({ ...base, owners });
  const traces = TracesService.create(base);
  const definitions = viewDefinitions({
    overview,
    routes,
    security,
    traces,
    canary: CanaryService.create({ ...base, history }),
    topology: TopologyService.create({ ...base, owners, systems }),
    opinion: OpinionService.create({ ...base, overview }),
  });
  const isBusy = createBusyMeter();
  const cache = ViewCache.create({ clusters, period, meters, isBusy });
  return {
    routes,
    security,
    traces,
    views: PlacementViews.create({ cache, clusters, definitions }),
  };
}

/** What is shown of all services at once. */
function assembleFleet({ permissions }: MeshGround, base: Foundation) {
  const { clusterAccess, settings, ...others } = base;
  const asking = {
    ...others,
    access: clusterAccess,
    settings,
    deadlineMs: settings.deadlineMs,
  };
  const certificates = CertificatesService.create(asking);
  return {
    certificates,
    fleet: FleetService.create({ ...base, permissions }),
    controlPlanes: ControlPlaneService.create({
      ...base,
      certificates: FleetCertificates.create({ ...asking, certificates }),
    }),
    sourceChecks: SourceCheckService.create(asking),
  };
}

/** What changes a cluster, and remembers it. */
function assembleWriting(ground: MeshGround, base: Foundation) {
  const { auditor, logger, scheduler, userInfo } = ground;
  const { clusterAccess, clusters, entities, metrics, settings } = base;
  const { deadlineMs } = settings;
  const database = MeshDatabase.create(ground);
  const leases = LeaseStore.create({ database });
  const memory = ChangeMemory.create({ database, leases, logger });
  const writing = {
    clusters,
    access: clusterAccess,
    deadlineMs,
    logger,
    memory,
  };
  const ends = ChangeEnds.create({ ...writing, auditor });
  const { argoNamespace, isRequestOnly, repositories } = settings.gitOps;
  const forges = Forges.fromConfig(ground.config, { deadlineMs, repositories });
  const requests = ChangeRequests.create({
    ...writing,
    forges,
    argoNamespace,
  });
  return {
    memory,
    runner: LeaseRunner.create({ leases, logger, works: { [END]: ends } }),
    alarm: AlarmClock.create({ scheduler, logger }),
    settler: ChangeSettler.create({ ...writing, auditor, scheduler }),
    remembered: ChangesService.create({ memory }),
    watcher: RequestWatcher.create({ ...writing, requests, scheduler }),
    fleetChanges: FleetChangesService.create({
      memory,
      all: ChangesOfAll.create({ database }),
      permissions: ground.permissions,
    }),
    changes: ChangePipeline.create({
      ...writing,
      metrics,
      requests,
      isRequestOnly,
    }),
    onboarded: OnboardedServices.create(writing),
    onboarding: OnboardingService.create({ ...writing, entities, userInfo }),
  };
}
