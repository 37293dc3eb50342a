import type { RequestJwt } from '../authorization/types';
import type { Workload } from '../workloads/Workload';

/** One call: who sends what to whom. @public */
export interface Call {
  protocol: 'http' | 'tcp';
  /** Who calls. Without a gateway it asks its own proxy, if it has one. */
  from: Workload;
  /** Sent to a gateway instead: the Gateway as `namespace/name`, and the pods that serve it. */
  gateway?: { name: string; workload: Workload };
  /** The name that is asked for. */
  host: string;
  port: number;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  jwt?: RequestJwt;
}

/** How a call may end; several where weights or pods leave it open. @public */
export type CallOutcome =
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
      why: string;
    }
  | {
      /** The connection is closed, or nobody answers on it. */
      type: 'closed';
      why: string;
    };
