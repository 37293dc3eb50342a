import type { KubeObjectRef, Workload } from '@meshdeck/istio-config';
import type { Intensity } from '../Intensity';
import type { Latency } from '../Latency';
import type { Operation, ServiceName } from '../TrafficProfile';

/** Who sends requests, and through which proxy they leave. */
export interface Caller {
  workload: Workload;
  proxy: 'sidecar' | 'gateway' | 'ambient' | 'none';
  /** Of a gateway: which one (`namespace/name`), and the host that is asked for. */
  through?: { gateway: string; host: string };
}

/** What the caller gets for a share of a branch's requests. */
export interface Outcome {
  /** Of the branch; the outcomes of a branch add up to 1. */
  share: number;
  /** 0: no HTTP answer at all. */
  code: number;
  /** Envoy's response flags, `-` where there are none. */
  flags: string;
  latency: Latency;
}

/** What a destination's proxy sees of one request of a branch. Retries make the sum of `perRequest` exceed 1. */
export interface Arrival {
  perRequest: number;
  code: number;
  flags: string;
  latency: Latency;
}

/** The requests that a rule, a weight and a load balancer send one way. */
export interface Branch {
  /** Of the call; the branches of a call add up to 1. */
  share: number;
  /** A copy sent by the mesh itself; its answer is thrown away, and it is in no sum. */
  mirrored: boolean;
  /** Absent: never reached a workload. */
  destination?: Workload;
  subset?: string;
  /** The rule that chose this way. */
  rule?: {
    object: KubeObjectRef;
    /** Where in the object. */
    path: string;
    name?: string;
    /** The path that the rule asks for, as Envoy names the route in traces. */
    matchedPath?: string;
  };
  security: 'mutual_tls' | 'none';
  /** The Service that the rule sends them to. */
  service: ServiceName & { port: number; host: string };
  /** What the proxies at both ends report. */
  seen: {
    bySource: 'requests' | 'waypoint' | 'tcp' | 'nothing';
    byDestination: 'requests' | 'tcp' | 'refused' | 'nothing';
  };
  /** Each attempt fails so that it is tried again with this probability, at most `more` times. */
  retry: { probability: number; more: number };
  outcomes: readonly Outcome[];
  arrivals: readonly Arrival[];
  /** What the destination calls while it answers. */
  calls: readonly { times: number; needed: boolean; shape: CallShape }[];
}

/** A kind of call and what becomes of it, whatever its rate. */
export interface CallShape {
  caller: Caller;
  /** The Service that was asked for. */
  service: ServiceName & { port: number; host: string };
  protocol: 'http' | 'grpc' | 'tcp';
  request: Operation & { headers: Record<string, string> };
  branches: readonly Branch[];
  /** Delays that the mesh adds on purpose, as the caller feels them. */
  delays: readonly { share: number; ms: number }[];
}

/** Calls that no other call causes. */
export interface RootFlow {
  /** The same in each epoch. */
  id: string;
  platform: string;
  intensity: Intensity;
  /** At the intensity 1. */
  requestsPerSecond: number;
  shape: CallShape;
  /** Probes and scrapes leave no traces. */
  traced: boolean;
}

/** Goes through a flow and all it causes, with the rate of each call. */
export function walkFlow(
  flow: RootFlow,
  visit: (shape: CallShape, requestsPerSecond: number) => void,
): void {
  walkShape(flow.shape, flow.requestsPerSecond, visit);
}

function walkShape(
  shape: CallShape,
  requestsPerSecond: number,
  visit: (shape: CallShape, requestsPerSecond: number) => void,
): void {
  visit(shape, requestsPerSecond);
  for (const branch of shape.branches) {
    const arriving = requestsPerSecond * branch.share * arrivalsOf(branch);
    for (const { times, shape: onward } of branch.calls) {
      walkShape(onward, arriving * times, visit);
    }
  }
}

/** How often one request of the branch knocks at the destination. */
export function arrivalsOf(branch: Branch): number {
  return branch.arrivals.reduce((sum, { perRequest }) => sum + perRequest, 0);
}
