import type { MeshConfigSet, Workload } from '@meshdeck/istio-config';
import { arrivalsOf, RootFlow, walkFlow } from '../flows/Flow';
import { OutboundCluster, outboundClusters } from '../flows/outboundClusters';
import type { Intensity } from '../Intensity';
import type { MeterRate } from './meterRates';

/** What a proxy spends on a request. */
const CPU_SECONDS_PER_REQUEST = 0.000_35;

/** What the sidecars count of themselves: CPU time by pod, and requests that circuit breakers turn away by pod and cluster. */
export function proxyMeters(
  flows: readonly RootFlow[],
  set: MeshConfigSet,
): Map<string, MeterRate> {
  const meters = new Map<string, MeterRate>();
  for (const flow of flows) {
    walkFlow(flow, (shape, perSecond) => {
      for (const branch of shape.branches) {
        const here = perSecond * branch.share;
        addCpu(meters, shape.caller.workload, flow.intensity, here);
        if (branch.destination) {
          const arriving = here * arrivalsOf(branch);
          addCpu(meters, branch.destination, flow.intensity, arriving);
        }
      }
    });
  }
  for (const cluster of outboundClusters(flows, set)) {
    addOverflow(meters, cluster);
  }
  return meters;
}

/** The name by which the CPU meter of a pod is found. */
export function cpuLabels(namespace: string, pod: string) {
  return { namespace, pod };
}

function addCpu(
  meters: Map<string, MeterRate>,
  { namespace, pods, dataPlane }: Workload,
  intensity: Intensity,
  perSecond: number,
): void {
  if (dataPlane !== 'sidecar' || perSecond <= 0) {
    return;
  }
  for (const { metadata } of pods) {
    const key = `cpu ${namespace}/${metadata.name}`;
    const meter: MeterRate = meters.get(key) ?? {
      kind: 'cpu',
      labels: cpuLabels(namespace, metadata.name),
      rates: new Map(),
    };
    meters.set(key, meter);
    const total = meter.rates.get(intensity) ?? new Float64Array(1);
    meter.rates.set(intensity, total);
    total[0] += (perSecond * CPU_SECONDS_PER_REQUEST) / pods.length;
  }
}

function addOverflow(
  meters: Map<string, MeterRate>,
  { caller, name, rates, concurrencyPerPod, limits }: OutboundCluster,
): void {
  const limit = Math.min(limits.requests, limits.pendingRequests);
  const share = Math.max(0, 1 - limit / concurrencyPerPod);
  for (const { metadata } of caller.pods) {
    meters.set(`overflow ${caller.namespace}/${metadata.name} ${name}`, {
      kind: 'overflow',
      labels: {
        job: 'envoy-stats',
        namespace: caller.namespace,
        pod: metadata.name,
        app: caller.labels.app ?? caller.name,
        cluster_name: name,
      },
      rates: new Map(
        [...rates].map(([intensity, perSecond]) => [
          intensity,
          Float64Array.of((perSecond * share) / caller.pods.length),
        ]),
      ),
    });
  }
}
