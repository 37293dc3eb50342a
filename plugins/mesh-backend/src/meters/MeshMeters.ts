import type {
  MetricsService,
  MetricsServiceCounter,
  MetricsServiceHistogram,
} from '@backstage/backend-plugin-api/alpha';
import type { SourceObservation } from '../sources/fetchJson';

/** What an operator of the portal can watch; names and labels are listed in docs/operation.md. */
export class MeshMeters {
  static create(options: { metrics: MetricsService }) {
    return new MeshMeters(options.metrics);
  }

  private readonly sourceTime: MetricsServiceHistogram;
  private readonly sourceFailures: MetricsServiceCounter;
  private readonly hits: MetricsServiceCounter;
  private readonly viewTime: MetricsServiceHistogram;

  private constructor(private readonly metrics: MetricsService) {
    this.sourceTime = metrics.createHistogram('mesh.source.duration', {
      description: 'How long a source took to answer',
      unit: 's',
    });
    this.sourceFailures = metrics.createCounter('mesh.source.failures', {
      description: 'Requests to a source that brought no data',
    });
    this.hits = metrics.createCounter('mesh.cache.hits', {
      description: 'Questions that were answered from memory',
    });
    this.viewTime = metrics.createHistogram('mesh.view.duration', {
      description: 'How long it took to build a view',
      unit: 's',
    });
  }

  sourceAnswered(source: string, { ms, outcome }: SourceObservation): void {
    this.sourceTime.record(ms / 1000, { source, outcome });
    if (outcome !== 'ok') {
      this.sourceFailures.add(1, { source, outcome });
    }
  }

  cacheHit(): void {
    this.hits.add(1, { cache: 'source' });
  }

  viewServed(view: string, outcome: 'built' | 'kept', ms: number): void {
    if (outcome === 'kept') {
      this.hits.add(1, { cache: 'view' });
    } else {
      this.viewTime.record(ms / 1000, { view });
    }
  }

  /** Seconds since the portal last heard of each cluster; 0 while it follows. */
  observeWatchLag(read: () => Iterable<[cluster: string, seconds: number]>) {
    this.metrics
      .createObservableGauge('mesh.watch.lag', {
        description: 'How long ago a cluster was last heard of',
        unit: 's',
      })
      .addCallback(result => {
        for (const [cluster, seconds] of read()) {
          result.observe(seconds, { cluster });
        }
      });
  }
}
