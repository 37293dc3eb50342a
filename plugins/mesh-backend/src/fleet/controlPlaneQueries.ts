import {
  quantileOfRates,
  Select,
  sumOfRates,
} from '../sources/prometheus/promql';

/** istiod pushes in bursts; over less than this a rate says little. */
const WINDOW = '5m';

/** What istiod says of itself, over all its replicas. */
export function controlPlaneQueries(select: Select) {
  return {
    pushes: sumOfRates(select('pilot_xds_pushes', {}), WINDOW, []),
    /** Not every istiod has met each kind of failure: what is absent counts as none. */
    pushErrors: [
      select('pilot_total_xds_internal_errors', {}),
      select('pilot_total_xds_rejects', {}),
      select('pilot_xds_pushes', {
        type: ['cds_senderr', 'eds_senderr', 'lds_senderr', 'rds_senderr'],
      }),
    ]
      .map(series => `(${sumOfRates(series, WINDOW, [])} or vector(0))`)
      .join(' + '),
    /** Seconds. */
    convergenceP99S: quantileOfRates(
      0.99,
      select('pilot_proxy_convergence_time_bucket', {}),
      WINDOW,
      [],
    ),
    connectedProxies: `sum(${select('pilot_xds', {})})`,
  };
}
