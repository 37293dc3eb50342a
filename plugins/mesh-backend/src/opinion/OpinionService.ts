import type {
  OpinionView,
  OverviewView,
  Placement,
  TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { Sources } from '../sources/Sources';
import { KialiService } from './KialiService';

/** What Kiali says beside us, and links to Kiali and Grafana. */
export class OpinionService {
  static create(options: {
    sources: Sources;
    overview: {
      view(
        clusters: ClusterReader,
        placement: Placement,
        window: TimeWindow,
      ): Promise<OverviewView>;
    };
  }) {
    return new OpinionService(options);
  }

  private readonly kiali: KialiService;

  private constructor(
    private readonly services: Parameters<typeof OpinionService.create>[0],
  ) {
    this.kiali = KialiService.create(services);
  }

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<OpinionView> {
    const { sources, overview } = this.services;
    const ours = overview.view(clusters, placement, window);
    const grafana = sources.grafana(placement.cluster);
    const [own, kiali, dashboards] = await Promise.all([
      ours,
      this.kiali.opinion(placement, ours),
      grafana?.links(placement, window) ?? [],
    ]);
    return {
      placement,
      window,
      verdict: own.verdict,
      also: own.also,
      findings: own.findings,
      sources: [...own.sources, kiali.source],
      validations: [],
      ...kiali.value,
      dashboards,
    };
  }
}
