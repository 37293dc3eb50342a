import type { Meter } from '../traffic/metrics/Meter';
import { MeterMetric, METRICS_OF } from '../traffic/metrics/meters';
import type { Traffic } from '../traffic/Traffic';
import { containerSeries } from './exposed/containerSeries';
import { controlPlaneSeries } from './exposed/controlPlaneSeries';
import type { ExposedSeries } from './exposed/ExposedSeries';
import { outboundClusterSeries } from './exposed/outboundClusterSeries';
import { proxyCertificateSeries } from './exposed/proxyCertificateSeries';
import type { LabelMatcher } from './promql/expressions';
import { seriesMatcher } from './promql/matchSeries';
import { scopeFilter } from './scopeFilter';
import type { Series, SeriesSource } from './Series';

/** So many series are kept: a query about everything in a large mesh must not keep everything in memory. */
const MOST_EXPANDED = 100_000;

/** What the proxies and the control plane of the stand-in cluster expose. */
export class TrafficSeries implements SeriesSource {
  static create(traffic: Traffic): TrafficSeries {
    return new TrafficSeries(traffic, [
      controlPlaneSeries(traffic),
      containerSeries(traffic),
      proxyCertificateSeries(traffic),
      outboundClusterSeries(traffic),
    ]);
  }

  private readonly expanded = new Map<Meter, (Series | undefined)[]>();
  private expandedCount = 0;

  private constructor(
    private readonly traffic: Traffic,
    private readonly others: readonly ExposedSeries[],
  ) {}

  select(matchers: readonly LabelMatcher[]): Series[] {
    const matches = seriesMatcher(matchers);
    // Name and `le` differ within a meter: all else is asked of the meter once.
    const ofMeter = seriesMatcher(
      matchers.filter(({ label }) => label !== 'le' && label !== '__name__'),
    );
    const isNamed = seriesMatcher(
      matchers.filter(({ label }) => label === '__name__'),
    );
    const found: Series[] = [];
    const add = (series: Series) => {
      if (matches(series.labels)) {
        found.push(series);
      }
    };
    for (const meter of this.traffic.meters(scopeFilter(matchers))) {
      const metrics = METRICS_OF[meter.kind];
      if (metrics.length > 0 && ofMeter(meter.labels)) {
        metrics.forEach((metric, at) => {
          if (isNamed({ __name__: metric.name })) {
            add(this.seriesOf(meter, at));
          }
        });
      }
    }
    for (const { names, series } of this.others) {
      if (names.some(name => isNamed({ __name__: name }))) {
        series(matchers).forEach(add);
      }
    }
    return found;
  }

  /** The same one each time, as long as it is kept. */
  private seriesOf(meter: Meter, at: number): Series {
    const known = this.expanded.get(meter) ?? [];
    let series = known[at];
    if (!series) {
      if (this.expandedCount >= MOST_EXPANDED) {
        this.expanded.clear();
        this.expandedCount = 0;
      }
      series = seriesOf(meter, METRICS_OF[meter.kind][at]);
      known[at] = series;
      this.expanded.set(meter, known);
      this.expandedCount++;
    }
    return series;
  }
}

function seriesOf(meter: Meter, { name, slot, le }: MeterMetric): Series {
  return {
    labels: {
      __name__: name,
      ...meter.labels,
      ...(le === undefined ? {} : { le }),
    },
    fromMs: meter.fromMs,
    valueAt: timeMs => meter.valueAt(slot, timeMs),
  };
}
