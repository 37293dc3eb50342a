import type { MeshObjects, Workload } from '@meshdeck/istio-config';
import { arrivalsOf, RootFlow, walkFlow } from '../flows/Flow';
import { OutboundCluster, outboundClusters } from '../flows/outboundClusters';
import type { Intensity } from '../Intensity';
import { hash32 } from '../seededRandom';
import type { MeterRate } from './meterRates';
import { CPU_SLOTS } from './meters';

/** What a request costs each of them; programs differ, so their share is about this. */
const CPU_SECONDS_PER_REQUEST = { proxy: 0.000_35, application: 0.001_2 };

/** CPU time by pod, and requests that circuit breakers turn away by pod and cluster. */
export function podMeters(
  flows: readonly RootFlow[],
  set: MeshObjects,
): Map<string, MeterRate> {
  const meters = new Map<string, MeterRate>();
  for (const flow of flows) {
    walkFlow(flow, (shape, perSecond) => {
      for (const branch of shape.branches) {
        const here = perSecond * branch.share;
        addCpu(meters, shape.caller.workload, flow.intensity, {
          proxied: here,
        });
        if (branch.destination) {
          const arriving = here * arrivalsOf(branch);
          addCpu(meters, branch.destination, flow.intensity, {
            proxied: arriving,
            served: arriving,
          });
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
  { namespace, name, pods, dataPlane }: Workload,
  intensity: Intensity,
  { proxied, served = 0 }: { proxied: number; served?: number },
): void {
  const proxySeconds =
    dataPlane === 'sidecar' ? proxied * CPU_SECONDS_PER_REQUEST.proxy : 0;
  const applicationSeconds =
    served * CPU_SECONDS_PER_REQUEST.application * thrift(namespace, name);
  if (proxySeconds + applicationSeconds <= 0) {
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
    const total = meter.rates.get(intensity) ?? new Float64Array(2);
    meter.rates.set(intensity, total);
    total[CPU_SLOTS.proxy] += proxySeconds / pods.length;
    total[CPU_SLOTS.application] += applicationSeconds / pods.length;
  }
}

/** From 0.8 to 1.2, the same in each run. */
function thrift(namespace: string, name: string): number {
  return 0.8 + (hash32(`${namespace}/${name}`) % 400) / 1_000;
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
