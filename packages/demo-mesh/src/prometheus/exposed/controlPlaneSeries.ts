import { MeshObjects, workloads } from '@meshdeck/istio-config';
import type { Labels } from '../../traffic/metrics/labels';
import type { Traffic } from '../../traffic/Traffic';
import type { Series } from '../Series';
import type { ExposedSeries } from './ExposedSeries';
import { ISTIO_VERSION } from './versions';

const ISTIOD: Labels = {
  job: 'istiod',
  instance: 'istiod.istio-system:15014',
  namespace: 'istio-system',
  app: 'istiod',
};
const DAY_MS = 86_400_000;
const ROOT_CERTIFICATE_DAYS = 3_650;
/** How old the mesh is when its history begins. */
const AGE_DAYS = 28;
/** How many pushes of a kind one change of the configuration causes in each proxy. */
const PUSHES = { cds: 1, eds: 2, lds: 1, rds: 1 };
/** Endpoints come and go without anybody changing anything. */
const EDS_PUSHES_PER_MINUTE = 2;
/** Seconds, with the share of pushes that arrive in them. */
const CONVERGENCE: readonly [le: string, share: number][] = [
  ['0.1', 0.93],
  ['0.5', 0.992],
  ['1', 0.999],
  ['3', 1],
  ['5', 1],
  ['10', 1],
  ['20', 1],
  ['30', 1],
  ['+Inf', 1],
];
const MEAN_CONVERGENCE_S = 0.06;

/** What istiod says of itself. A push follows each change of the cluster's objects. */
export function controlPlaneSeries(traffic: Traffic): ExposedSeries {
  const fromMs = traffic.originMs;
  const setAt = (timeMs: number) => traffic.epochAt(timeMs).set;
  const metric = (
    name: string,
    valueAt: (timeMs: number) => number,
    labels: Labels = {},
  ): Series => ({
    labels: { __name__: name, ...ISTIOD, ...labels },
    fromMs,
    valueAt,
  });
  // Of the first epoch, so that counters never fall when proxies go.
  const proxies = () => proxiesIn(setAt(fromMs));
  const pushes = (type: keyof typeof PUSHES) => (timeMs: number) =>
    proxies() * PUSHES[type] * (1 + traffic.epochAt(timeMs).index) +
    (type === 'eds'
      ? Math.floor((timeMs - fromMs) / 60_000) * EDS_PUSHES_PER_MINUTE
      : 0);
  const series = () => [
    metric('up', () => 1),
    metric('up', () => 1, { job: 'envoy-stats', instance: 'proxies' }),
    metric('istio_build', () => 1, { component: 'pilot', tag: ISTIO_VERSION }),
    metric('pilot_info', () => 1, { version: ISTIO_VERSION }),
    metric('pilot_xds', timeMs => proxiesIn(setAt(timeMs)), {
      version: ISTIO_VERSION,
    }),
    metric('pilot_services', timeMs => setAt(timeMs).all('Service').length),
    metric(
      'pilot_virt_services',
      timeMs => setAt(timeMs).all('VirtualService').length,
    ),
    ...(Object.keys(PUSHES) as (keyof typeof PUSHES)[]).map(type =>
      metric('pilot_xds_pushes', pushes(type), { type }),
    ),
    metric('pilot_total_xds_internal_errors', () => 0),
    metric('pilot_total_xds_rejects', () => 0, { type: 'cds' }),
    ...CONVERGENCE.map(([le, share]) =>
      metric(
        'pilot_proxy_convergence_time_bucket',
        timeMs => pushes('eds')(timeMs) * share,
        { le },
      ),
    ),
    metric(
      'pilot_proxy_convergence_time_sum',
      timeMs => pushes('eds')(timeMs) * MEAN_CONVERGENCE_S,
    ),
    metric('pilot_proxy_convergence_time_count', pushes('eds')),
    metric(
      'citadel_server_root_cert_expiry_timestamp',
      () => (fromMs + (ROOT_CERTIFICATE_DAYS - AGE_DAYS) * DAY_MS) / 1000,
    ),
  ];
  return {
    names: [...new Set(series().map(({ labels }) => labels.__name__))],
    series,
  };
}

function proxiesIn(set: MeshObjects): number {
  return workloads(set)
    .filter(({ dataPlane }) => dataPlane === 'sidecar')
    .reduce((sum, { pods }) => sum + pods.length, 0);
}
