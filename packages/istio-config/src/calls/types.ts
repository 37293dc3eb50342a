import type { RequestJwt } from '../authorization/types';
import type { Workload } from '../workloads/Workload';

/** One call: who sends what to whom. @public */
export interface Call {
  protocol: 'http' | 'tls' | 'tcp';
  /** Who calls. Without a gateway it asks its own proxy, if it has one. */
  from: Workload;
  /** Sent to a gateway instead: the Gateway as `namespace/name`, and the pods that serve it. */
  gateway?: { name: string; workload: Workload };
  /** The name that is asked for: the Host header, or with TLS the name in the greeting. */
  host: string;
  /** The Service whose address is called, where the name is not its own. */
  to?: { namespace: string; name: string };
  /** The address that is called: of a Service without one of its own it tells the pod. */
  address?: string;
  port: number;
  /** Of a request that is sent to a gateway over TLS: the name in the greeting. */
  sni?: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  jwt?: RequestJwt;
  /** How long the app takes to answer; where not said, no rule loses patience. */
  answeredAfterMs?: number;
  /** The status with which the app answers; where not said, nothing is tried again. */
  answeredWith?: number;
}

/** What rules make of headers; names in lower case. @public */
export interface ArrivingHeaders {
  /** Those of the call, as they arrive at the app. */
  request: Record<string, string>;
  /** Those that the answer gets on its way back. */
  response: Record<string, string>;
}

/** How a call may end; several where weights or pods leave it open. @public */
export type CallOutcome = CallEnd & {
  /** What becomes of each copy that the rule sends elsewhere: the ways that it may end. */
  copies?: readonly (readonly CallEnd[])[];
};

/** @public */
export type CallEnd =
  | {
      /** A proxy answers itself. */
      type: 'answered';
      status: number;
      /** Of a redirect. */
      location?: string;
      why: string;
    }
  | {
      /** An app answers. */
      type: 'reaches';
      /** `namespace/name`. */
      pod: string;
      port: number;
      path?: string;
      host?: string;
      headers?: ArrivingHeaders;
      /** How often it arrives; more than once where a rule tries again, perhaps at other pods. */
      tries?: number;
      why: string;
    }
  | {
      /** It goes to an address that the objects do not tell: what a proxy passes on, or an endpoint outside the mesh. */
      type: 'leaves';
      host: string;
      /** The Host header that arrives there. */
      asked?: string;
      port: number;
      path?: string;
      headers?: ArrivingHeaders;
      tries?: number;
      why: string;
    }
  | {
      /** The connection is closed, or nobody answers on it. */
      type: 'closed';
      why: string;
    };
