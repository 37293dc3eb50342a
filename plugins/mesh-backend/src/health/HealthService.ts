import { HEALTH_WINDOW, type Placement } from '@meshdeck/plugin-mesh-common';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import { serviceFacts } from '../facts/serviceFacts';
import type { MetricsService } from '../metrics/MetricsService';
import { settled } from '../sources/settled';
import { failedRolloutOf } from './failedRolloutOf';
import type { Health } from './Health';
import { healthOf } from './healthOf';
import { measuredPlace } from './measuredPlace';

/** How a service is, for every page of it: what the pages ask of Prometheus for this, they ask once for all of them. */
export class HealthService {
  static create(options: { metrics: MetricsService }) {
    return new HealthService(options.metrics);
  }

  private constructor(private readonly metrics: MetricsService) {}

  async of(
    { set, source }: Pick<ClusterSnapshot, 'set' | 'source'>,
    placement: Placement,
  ): Promise<Health> {
    const { values, source: prometheus } = await settled('prometheus', {
      requests: this.metrics.traffic(
        measuredPlace(set, placement),
        HEALTH_WINDOW,
      ),
      alerts: this.metrics.alerts(placement),
    });
    return healthOf({
      service: placement.service,
      kubernetes: source,
      prometheus,
      config: serviceFacts(set, placement),
      rollout: failedRolloutOf(set, placement),
      traffic: values.requests,
      alerts: values.alerts,
    });
  }
}
