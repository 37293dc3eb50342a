import { workloads } from '@meshdeck/istio-config';
import type { Labels } from '../traffic/metrics/labels';
import type { Meter } from '../traffic/metrics/Meter';
import { METRICS_OF } from '../traffic/metrics/meters';
import type { Traffic } from '../traffic/Traffic';
import type { LabelMatcher } from './promql/expressions';
import { seriesMatcher } from './promql/matchSeries';
import type { Series, SeriesSource } from './Series';

const ISTIO_VERSION = '1.29.2';
const ISTIOD: Labels = {
  job: 'istiod',
  instance: 'istiod.istio-system:15014',
  namespace: 'istio-system',
};

/** What the proxies and the control plane of the stand-in cluster expose. */
export class TrafficSeries implements SeriesSource {
  static create(traffic: Traffic): TrafficSeries {
    return new TrafficSeries(traffic);
  }

  private readonly expanded = new Map<Meter, readonly Series[]>();

  private constructor(private readonly traffic: Traffic) {}

  select(matchers: readonly LabelMatcher[]): Series[] {
    const matches = seriesMatcher(matchers);
    // `le` differs within a meter, and so does the name: all else is asked of the meter once.
    const ofMeter = seriesMatcher(
      matchers.filter(({ label }) => label !== 'le' && label !== '__name__'),
    );
    const found: Series[] = [];
    for (const meter of this.traffic.meters()) {
      if (ofMeter(meter.labels)) {
        found.push(
          ...this.seriesOf(meter).filter(({ labels }) => matches(labels)),
        );
      }
    }
    found.push(...this.gauges().filter(({ labels }) => matches(labels)));
    return found;
  }

  private seriesOf(meter: Meter): readonly Series[] {
    let series = this.expanded.get(meter);
    if (!series) {
      series = METRICS_OF[meter.kind].map(({ name, slot, le }) => ({
        labels: {
          __name__: name,
          ...meter.labels,
          ...(le === undefined ? {} : { le }),
        },
        fromMs: meter.fromMs,
        valueAt: timeMs => meter.valueAt(slot, timeMs),
      }));
      this.expanded.set(meter, series);
    }
    return series;
  }

  private gauges(): Series[] {
    const fromMs = this.traffic.originMs;
    const setAt = (timeMs: number) => this.traffic.epochAt(timeMs).set;
    const proxiesAt = (timeMs: number) =>
      workloads(setAt(timeMs))
        .filter(({ dataPlane }) => dataPlane === 'sidecar')
        .reduce((sum, { pods }) => sum + pods.length, 0);
    const gauge = (
      name: string,
      valueAt: (timeMs: number) => number,
      labels: Labels = {},
    ): Series => ({
      labels: { __name__: name, ...ISTIOD, ...labels },
      fromMs,
      valueAt,
    });
    return [
      gauge('up', () => 1),
      gauge('up', () => 1, { job: 'envoy-stats', instance: 'proxies' }),
      gauge('istio_build', () => 1, {
        component: 'pilot',
        tag: ISTIO_VERSION,
      }),
      gauge('pilot_info', () => 1, { version: ISTIO_VERSION }),
      gauge('pilot_xds', proxiesAt, { version: ISTIO_VERSION }),
      gauge('pilot_services', timeMs => setAt(timeMs).all('Service').length),
      gauge(
        'pilot_virt_services',
        timeMs => setAt(timeMs).all('VirtualService').length,
      ),
    ];
  }
}
