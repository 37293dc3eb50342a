import type {
  Placement,
  TimeWindow,
  WindowQuery,
} from '@meshdeck/plugin-mesh-common';
import type { CanaryService } from '../canary/CanaryService';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { OpinionService } from '../opinion/OpinionService';
import type { OverviewService } from '../overview/OverviewService';
import type { RoutesService } from '../routes/RoutesService';
import type { SecurityService } from '../security/SecurityService';
import type { TopologyService } from '../topology/TopologyService';
import type { TracesService } from '../traces/TracesService';
import type { ViewDefinition, ViewDefinitions } from './ViewDefinition';

/** A view of which only the window is chosen. */
function inWindow<View>(service: {
  view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<View>;
}): Pick<ViewDefinition<View, WindowQuery>, 'plan'> {
  return {
    plan: ({ placement }, { window }) => ({
      question: window,
      build: clusters => service.view(clusters, placement, window),
    }),
  };
}

/** How each view of a placement is made. */
export function viewDefinitions(services: {
  overview: OverviewService;
  routes: RoutesService;
  security: SecurityService;
  canary: CanaryService;
  topology: TopologyService;
  traces: TracesService;
  opinion: OpinionService;
}): ViewDefinitions {
  const { overview, routes, security, canary, topology, traces, opinion } =
    services;
  return {
    overview: inWindow(overview),
    routes: inWindow(routes),
    opinion: inWindow(opinion),
    security: {
      ...inWindow(security),
      forReader: (view, { credentials }, clusters) =>
        security.withOwners(view, clusters, credentials),
    },
    canary: {
      ...inWindow(canary),
      forReader: (view, asked, clusters) =>
        canary.withObstacle(view, clusters, asked),
    },
    topology: {
      async plan(asked, { window, scope = 'service' }) {
        const subject = await topology.subjectFor(scope, asked);
        // What a system consists of depends on who asks.
        const ids = subject.services.map(({ id }) => id).sort();
        return {
          question: `${window} ${scope} ${ids}`,
          build: clusters =>
            topology.view(clusters, asked.placement, window, subject),
        };
      },
      forReader: (view, { credentials }, clusters) =>
        topology.withOwners(view, clusters, credentials),
    },
    traces: {
      plan: ({ placement }, { window, ...query }) => ({
        question: `${window} ${JSON.stringify(query)}`,
        build: clusters => traces.view(clusters, placement, window, query),
      }),
    },
  };
}
