import {
  MeshConfigSet,
  Workload,
  workloads,
  workloadsIn,
} from '@meshdeck/istio-config';
import type { Labels } from '../../traffic/metrics/labels';
import type { Meter } from '../../traffic/metrics/Meter';
import { hash32 } from '../../traffic/seededRandom';
import type { Traffic } from '../../traffic/Traffic';
import type { LabelMatcher } from '../promql/expressions';
import type { Series } from '../Series';
import { scopeFilter } from '../scopeFilter';
import type { ExposedSeries } from './ExposedSeries';

const CPU = 'container_cpu_usage_seconds_total';
const MEMORY = 'container_memory_working_set_bytes';
const CERTIFICATE = 'envoy_server_days_until_first_cert_expiring';

/** What a proxy needs without any request. */
const IDLE_CORES = 0.003;
const IDLE_BYTES = 42e6;
/** Each Service that a proxy knows of takes memory. */
const BYTES_PER_SERVICE = 90e3;
/** Workload certificates live a day and are renewed at half time. */
const DAYS_LEFT = 0;

/** What the kubelet tells of the sidecars' containers, and the proxies of their certificates. */
export function proxyResourceSeries(traffic: Traffic): ExposedSeries {
  const series = (matchers: readonly LabelMatcher[]): Series[] => {
    const { set } = traffic.epochAt(traffic.clock());
    const spent = cpuMeters(traffic, matchers);
    const bytes = IDLE_BYTES + set.all('Service').length * BYTES_PER_SERVICE;
    return sidecars(set, matchers).flatMap(({ namespace, labels, pods }) =>
      pods.flatMap(({ metadata: { name: pod } }) => {
        const meter = spent.get(`${namespace}/${pod}`);
        const ofContainer = containerLabels(namespace, pod);
        const wobble = 0.9 + (hash32(`${namespace}/${pod}`) % 200) / 1_000;
        const at = (
          name: string,
          own: Labels,
          valueAt: Series['valueAt'],
        ): Series => ({
          labels: { __name__: name, ...own },
          fromMs: traffic.originMs,
          valueAt,
        });
        return [
          at(
            CPU,
            ofContainer,
            timeMs =>
              (IDLE_CORES * (timeMs - traffic.originMs)) / 1000 +
              (meter?.valueAt(0, timeMs) ?? 0),
          ),
          at(MEMORY, ofContainer, () => Math.round(bytes * wobble)),
          at(
            CERTIFICATE,
            {
              job: 'envoy-stats',
              namespace,
              pod,
              app: labels.app ?? 'unknown',
            },
            () => DAYS_LEFT,
          ),
        ];
      }),
    );
  };
  return { names: [CPU, MEMORY, CERTIFICATE], series };
}

function containerLabels(namespace: string, pod: string): Labels {
  return {
    job: 'kubelet',
    namespace,
    pod,
    container: 'istio-proxy',
    image: 'docker.io/istio/proxyv2:1.29.2',
    node: 'demo-node',
  };
}

function cpuMeters(
  traffic: Traffic,
  matchers: readonly LabelMatcher[],
): Map<string, Meter> {
  const found = new Map<string, Meter>();
  for (const meter of traffic.meters(scopeFilter(matchers))) {
    if (meter.kind === 'cpu') {
      found.set(`${meter.labels.namespace}/${meter.labels.pod}`, meter);
    }
  }
  return found;
}

/** The workloads with sidecars, of one namespace where only that is asked for. */
function sidecars(
  set: MeshConfigSet,
  matchers: readonly LabelMatcher[],
): Workload[] {
  const only = matchers.find(
    ({ label, operator }) => label === 'namespace' && operator === '=',
  );
  return (only ? workloadsIn(set, only.value) : workloads(set)).filter(
    ({ dataPlane }) => dataPlane === 'sidecar',
  );
}
