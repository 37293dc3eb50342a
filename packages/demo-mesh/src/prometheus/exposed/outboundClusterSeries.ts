import { outboundClusters } from '../../traffic/flows/outboundClusters';
import type { Traffic } from '../../traffic/Traffic';
import type { LabelMatcher } from '../promql/expressions';
import type { Series } from '../Series';
import { scopeFilter } from '../scopeFilter';
import type { ExposedSeries } from './ExposedSeries';

const EJECTIONS = 'envoy_cluster_outlier_detection_ejections_active';
const BREAKERS = 'envoy_cluster_circuit_breakers_default_';

/**
 * What proxies tell of the destinations they call. Circuit breakers and ejections are counted from the traffic; the
 * traffic itself goes on as if there were none.
 */
export function outboundClusterSeries(traffic: Traffic): ExposedSeries {
  const series = (matchers: readonly LabelMatcher[]): Series[] => {
    const clusters = traffic
      .lanesAt(traffic.clock(), scopeFilter(matchers))
      .flatMap(({ flows, set }) => outboundClusters(flows, set));
    return clusters.flatMap(cluster => {
      const { caller, limits } = cluster;
      const strengthAt = (timeMs: number) => {
        const strengths = [...cluster.rates].map(([intensity, rate]) => ({
          rate,
          now: rate * intensity.at(timeMs),
        }));
        const full = strengths.reduce((sum, { rate }) => sum + rate, 0);
        return full === 0
          ? 0
          : strengths.reduce((sum, { now }) => sum + now, 0) / full;
      };
      const isOver = (limit: number) => (timeMs: number) =>
        Number(cluster.concurrencyPerPod * strengthAt(timeMs) >= limit);
      const gauges: [string, Series['valueAt']][] = [
        [EJECTIONS, () => cluster.ejectedHosts],
        [`${BREAKERS}cx_open`, isOver(limits.connections)],
        [`${BREAKERS}rq_open`, isOver(limits.requests)],
        [`${BREAKERS}rq_pending_open`, isOver(limits.pendingRequests)],
        [`${BREAKERS}rq_retry_open`, () => 0],
      ];
      return caller.pods.flatMap(({ metadata }) =>
        gauges.map(([name, valueAt]) => ({
          labels: {
            __name__: name,
            job: 'envoy-stats',
            namespace: caller.namespace,
            pod: metadata.name,
            app: caller.labels.app ?? caller.name,
            cluster_name: cluster.name,
          },
          fromMs: traffic.originMs,
          valueAt,
        })),
      );
    });
  };
  return {
    names: [
      EJECTIONS,
      ...['cx', 'rq', 'rq_pending', 'rq_retry'].map(
        kind => `${BREAKERS}${kind}_open`,
      ),
    ],
    series,
  };
}
