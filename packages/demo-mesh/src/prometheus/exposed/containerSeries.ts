import {
  itemsOf,
  KubeObject,
  MeshObjects,
  Workload,
} from '@meshdeck/istio-config';
import type { Labels } from '../../traffic/metrics/labels';
import type { Meter } from '../../traffic/metrics/Meter';
import { CPU_SLOTS } from '../../traffic/metrics/meters';
import { hash32 } from '../../traffic/seededRandom';
import type { Traffic } from '../../traffic/Traffic';
import type { LabelMatcher } from '../promql/expressions';
import { seriesMatcher } from '../promql/matchSeries';
import type { Series } from '../Series';
import { scopeFilter } from '../scopeFilter';
import type { ExposedSeries } from './ExposedSeries';
import { matchedWorkloads } from './matchedWorkloads';

const CPU = 'container_cpu_usage_seconds_total';
const MEMORY = 'container_memory_working_set_bytes';
const PROXY = 'istio-proxy';

/** What a container needs without any request. */
const IDLE = {
  proxy: { cores: 0.003, bytes: 42e6 },
  application: { cores: 0.004, bytes: 68e6 },
};
/** Each Service that a proxy knows of takes memory. */
const PROXY_BYTES_PER_SERVICE = 90e3;
/** What an application holds while it works, for each core that it has kept busy of late. */
const BYTES_PER_CORE = 420e6;
const OF_LATE_MS = 300_000;

/** A container with the course of its counter and its gauge. */
interface Container {
  name: string;
  image: string;
  cpuSecondsAt: Series['valueAt'];
  bytesAt: Series['valueAt'];
}

/** What the kubelet's cAdvisor tells of every pod: each container, and, without a name of one, all of them together. */
export function containerSeries(traffic: Traffic): ExposedSeries {
  const series = (matchers: readonly LabelMatcher[]): Series[] => {
    const { set } = traffic.epochAt(traffic.clock());
    const isPod = seriesMatcher(
      matchers.filter(({ label }) => label === 'pod'),
    );
    const spent = cpuMeters(traffic, matchers);
    return matchedWorkloads(set, matchers).flatMap(workload =>
      workload.pods
        .filter(({ metadata }) => isPod({ pod: metadata.name }))
        .flatMap(pod =>
          podSeries(
            workload,
            pod,
            containersOf(pod, {
              set,
              originMs: traffic.originMs,
              meter: spent.get(`${workload.namespace}/${pod.metadata.name}`),
            }),
            traffic.originMs,
          ),
        ),
    );
  };
  return { names: [CPU, MEMORY], series };
}

function podSeries(
  { namespace }: Workload,
  { metadata: { name: pod } }: KubeObject,
  containers: readonly Container[],
  fromMs: number,
): Series[] {
  const at = (
    name: string,
    own: Labels,
    valueAt: Series['valueAt'],
  ): Series => ({
    labels: {
      __name__: name,
      job: 'kubelet',
      metrics_path: '/metrics/cadvisor',
      namespace,
      pod,
      node: 'demo-node',
      ...own,
    },
    fromMs,
    valueAt,
  });
  const both = (
    own: Labels,
    cpuSecondsAt: Series['valueAt'],
    bytesAt: Series['valueAt'],
  ) => [
    at(CPU, { ...own, cpu: 'total' }, cpuSecondsAt),
    at(MEMORY, own, bytesAt),
  ];
  const sumOf = (valueOf: (container: Container) => Series['valueAt']) => {
    const values = containers.map(valueOf);
    return (timeMs: number) =>
      values.reduce((sum, valueAt) => sum + valueAt(timeMs), 0);
  };
  return [
    ...containers.flatMap(({ name, image, cpuSecondsAt, bytesAt }) =>
      both({ container: name, image }, cpuSecondsAt, bytesAt),
    ),
    ...both(
      {},
      sumOf(({ cpuSecondsAt }) => cpuSecondsAt),
      sumOf(({ bytesAt }) => bytesAt),
    ),
  ];
}

/** The first that is no proxy serves the requests; others stand by. */
function containersOf(
  pod: KubeObject,
  facts: { set: MeshObjects; originMs: number; meter?: Meter },
): Container[] {
  const { set, originMs, meter } = facts;
  const all = itemsOf(pod.spec?.containers);
  const serving = all.find(({ name }) => name !== PROXY);
  const { namespace, name: podName } = pod.metadata;
  const wobble = 0.9 + (hash32(`${namespace}/${podName}`) % 200) / 1_000;
  return all.map(container => {
    const { name, image } = container;
    const kind = name === PROXY ? 'proxy' : 'application';
    const works = kind === 'proxy' || container === serving;
    const worked = (timeMs: number) =>
      works ? meter?.valueAt(CPU_SLOTS[kind], timeMs) ?? 0 : 0;
    const coresOfLate = (timeMs: number) =>
      (worked(timeMs) - worked(timeMs - OF_LATE_MS)) / (OF_LATE_MS / 1000);
    const known =
      kind === 'proxy'
        ? set.all('Service').length * PROXY_BYTES_PER_SERVICE
        : 0;
    return {
      name,
      image,
      cpuSecondsAt: timeMs =>
        (IDLE[kind].cores * (timeMs - originMs)) / 1000 + worked(timeMs),
      bytesAt: timeMs =>
        Math.round(
          (IDLE[kind].bytes + known) * wobble +
            (kind === 'application' ? coresOfLate(timeMs) * BYTES_PER_CORE : 0),
        ),
    };
  });
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
