import {
  destinationRulesFor,
  MeshObjects,
  parseDurationMs,
  trafficPolicyFor,
  Workload,
} from '@meshdeck/istio-config';
import type { Intensity } from '../Intensity';
import { arrivalsOf, Branch, CallShape, RootFlow, walkFlow } from './Flow';

/** What Envoy calls a cluster: a destination as the proxies of one workload see it. */
export interface OutboundCluster {
  caller: Workload;
  /** `outbound|port|subset|host`. */
  name: string;
  /** Requests per second at the intensity 1, by stream. */
  rates: Map<Intensity, number>;
  /** Requests under way at once in one of the caller's pods, at the intensity 1. */
  concurrencyPerPod: number;
  limits: CircuitBreakers;
  /** Hosts that outlier detection keeps out, at the intensity 1. */
  ejectedHosts: number;
}

/** From a DestinationRule's `connectionPool`; without one, Istio sets no limit. */
export interface CircuitBreakers {
  connections: number;
  requests: number;
  pendingRequests: number;
}

const known = new WeakMap<readonly RootFlow[], OutboundCluster[]>();

/** The clusters that are called; worked out once for the same flows. */
export function outboundClusters(
  flows: readonly RootFlow[],
  set: MeshObjects,
): readonly OutboundCluster[] {
  const found = known.get(flows) ?? findClusters(flows, set);
  known.set(flows, found);
  return found;
}

interface Draft {
  caller: Workload;
  branch: Branch;
  rates: Map<Intensity, number>;
  busy: number;
  destinations: Map<Workload, { arriving: number; failing: number }>;
}

function findClusters(
  flows: readonly RootFlow[],
  set: MeshObjects,
): OutboundCluster[] {
  const drafts = new Map<string, Draft>();
  for (const flow of flows) {
    walkFlow(flow, (shape, perSecond) =>
      addCall(drafts, shape, perSecond, flow.intensity),
    );
  }
  return [...drafts.values()].map(draft => finished(draft, set));
}

function addCall(
  drafts: Map<string, Draft>,
  { caller, branches }: CallShape,
  perSecond: number,
  intensity: Intensity,
): void {
  if (caller.proxy !== 'sidecar' && caller.proxy !== 'gateway') {
    return;
  }
  for (const branch of branches) {
    const { workload } = caller;
    const key = `${workload.namespace}/${workload.name} ${nameOf(branch)}`;
    const draft = drafts.get(key) ?? {
      caller: workload,
      branch,
      rates: new Map(),
      busy: 0,
      destinations: new Map(),
    };
    drafts.set(key, draft);
    const here = perSecond * branch.share;
    draft.rates.set(intensity, (draft.rates.get(intensity) ?? 0) + here);
    for (const { share, latency } of branch.outcomes) {
      draft.busy += (here * share * latency.meanMs) / 1000;
    }
    if (branch.destination) {
      const seen = draft.destinations.get(branch.destination) ?? {
        arriving: 0,
        failing: 0,
      };
      draft.destinations.set(branch.destination, seen);
      seen.arriving += here * arrivalsOf(branch);
      for (const { perRequest, code } of branch.arrivals) {
        seen.failing += code >= 500 ? here * perRequest : 0;
      }
    }
  }
}

function nameOf({ service, subset }: Branch): string {
  return `outbound|${service.port}|${subset ?? ''}|${service.host}`;
}

function finished(draft: Draft, set: MeshObjects): OutboundCluster {
  const { caller, branch, rates, busy, destinations } = draft;
  const { service, subset } = branch;
  const { policy } = trafficPolicyFor(
    destinationRulesFor(set, service.host, {
      clientNamespace: caller.namespace,
      serviceNamespace: service.namespace,
    }),
    { subset, port: service.port },
  );
  const { tcp, http } = policy.connectionPool ?? {};
  const pods = Math.max(caller.pods.length, 1);
  return {
    caller,
    name: nameOf(branch),
    rates,
    concurrencyPerPod: busy / pods,
    limits: {
      connections: limit(tcp?.maxConnections),
      requests: limit(http?.http2MaxRequests),
      pendingRequests: limit(http?.http1MaxPendingRequests),
    },
    ejectedHosts: ejectedHosts(policy.outlierDetection, destinations, pods),
  };
}

function limit(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : Infinity;
}

/** How many hosts are out at a time: each is put out for a while whenever so many requests in a row have failed. */
function ejectedHosts(
  detection: any,
  destinations: Draft['destinations'],
  callerPods: number,
): number {
  const inARow =
    detection?.consecutive5xxErrors ?? detection?.consecutiveGatewayErrors;
  if (typeof inARow !== 'number' || inARow <= 0) {
    return 0;
  }
  const ejectionS =
    (parseDurationMs(detection.baseEjectionTime) ?? 30_000) / 1e3;
  let hosts = 0;
  let ejected = 0;
  for (const [workload, { arriving, failing }] of destinations) {
    hosts += workload.readyPods;
    const perHost = arriving / callerPods / Math.max(workload.readyPods, 1);
    const runsPerSecond =
      arriving > 0 ? perHost * (failing / arriving) ** inARow : 0;
    const outS = runsPerSecond * ejectionS;
    ejected += workload.readyPods * (outS / (1 + outS));
  }
  const mostPercent = detection.maxEjectionPercent ?? 10;
  // One host may always be put out, however few there are.
  const most = Math.max(1, Math.floor((hosts * mostPercent) / 100));
  return Math.min(Math.round(ejected), most);
}
