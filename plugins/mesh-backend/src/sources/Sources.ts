import { LRUCache } from 'lru-cache';
import type { MeshSettings } from '../config/MeshSettings';
import { GrafanaLinks } from './grafana/GrafanaLinks';
import { KialiSource } from './kiali/KialiSource';
import { PrometheusSource } from './prometheus/PrometheusSource';
import { JaegerSource } from './tracing/JaegerSource';
import { TempoSource } from './tracing/TempoSource';
import type { TraceSource } from './tracing/TraceSource';
import type { SourceObservation } from './fetchJson';
import type { SourceCache } from './SourceCache';

const MOST_SOURCES = 2000;

/** The part of a view's deadline that a source may take; the rest is for reading the cluster and for building the view. */
const SHARE_OF_DEADLINE = 0.7;

/** The sources beside Kubernetes, one of each kind for each cluster. Undefined where none is configured. */
export class Sources {
  static create(options: {
    settings: MeshSettings;
    cache: SourceCache;
    observe?: (source: string, observation: SourceObservation) => void;
  }) {
    return new Sources(options);
  }

  /** Clusters come and go. */
  private readonly made = new LRUCache<string, object>({ max: MOST_SOURCES });

  private constructor(
    private readonly options: Parameters<typeof Sources.create>[0],
  ) {}

  prometheus(cluster: string): PrometheusSource | undefined {
    const endpoint = this.options.settings.sourcesOf(cluster).prometheus;
    return (
      endpoint &&
      this.once(`prometheus ${cluster}`, () =>
        PrometheusSource.create({
          endpoint,
          cluster: endpoint.clusterLabel
            ? {
                label: endpoint.clusterLabel,
                name: endpoint.clusterName ?? cluster,
              }
            : undefined,
          ...this.common('prometheus'),
        }),
      )
    );
  }

  traces(cluster: string): TraceSource | undefined {
    const endpoint = this.options.settings.sourcesOf(cluster).tracing;
    return (
      endpoint &&
      this.once(`traces ${cluster}`, () =>
        (endpoint.type === 'tempo' ? TempoSource : JaegerSource).create({
          endpoint,
          ...this.common('traces'),
        }),
      )
    );
  }

  kiali(cluster: string): KialiSource | undefined {
    const endpoint = this.options.settings.sourcesOf(cluster).kiali;
    return (
      endpoint &&
      this.once(`kiali ${cluster}`, () =>
        KialiSource.create({ endpoint, ...this.common('kiali') }),
      )
    );
  }

  grafana(cluster: string): GrafanaLinks | undefined {
    const endpoint = this.options.settings.sourcesOf(cluster).grafana;
    return (
      endpoint &&
      this.once(`grafana ${cluster}`, () =>
        GrafanaLinks.create({ endpoint, ...this.common('grafana') }),
      )
    );
  }

  private once<T extends object>(key: string, make: () => T): T {
    const made = this.made.get(key) ?? make();
    this.made.set(key, made);
    return made as T;
  }

  private common(source: string) {
    const { settings, cache, observe } = this.options;
    return {
      cache,
      deadlineMs: settings.deadlineMs * SHARE_OF_DEADLINE,
      observe: (observation: SourceObservation) =>
        observe?.(source, observation),
    };
  }
}
