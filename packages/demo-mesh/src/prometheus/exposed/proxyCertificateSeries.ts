import type { Traffic } from '../../traffic/Traffic';
import type { LabelMatcher } from '../promql/expressions';
import type { Series } from '../Series';
import type { ExposedSeries } from './ExposedSeries';
import { matchedWorkloads } from './matchedWorkloads';

const CERTIFICATE = 'envoy_server_days_until_first_cert_expiring';
/** Workload certificates live a day and are renewed at half time. */
const DAYS_LEFT = 0;

/** What the proxies tell of their certificates. */
export function proxyCertificateSeries(traffic: Traffic): ExposedSeries {
  const series = (matchers: readonly LabelMatcher[]): Series[] => {
    const { set } = traffic.epochAt(traffic.clock());
    return matchedWorkloads(set, matchers)
      .filter(({ dataPlane }) => dataPlane === 'sidecar')
      .flatMap(({ namespace, labels, pods }) =>
        pods.map(({ metadata }) => ({
          labels: {
            __name__: CERTIFICATE,
            job: 'envoy-stats',
            namespace,
            pod: metadata.name,
            app: labels.app ?? 'unknown',
          },
          fromMs: traffic.originMs,
          valueAt: () => DAYS_LEFT,
        })),
      );
  };
  return { names: [CERTIFICATE], series };
}
