import { ObjectRef, ObjectYaml, ViewBase } from './common';

/** @public */
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** The effective mTLS of one port, with the policies that decided it from the mesh down to the port. @public */
export interface PortMtlsView {
  workload: string;
  port: number;
  portName?: string;
  mode: MtlsMode;
  chain: {
    level: 'mesh' | 'namespace' | 'workload' | 'port';
    /** Absent where the level has no policy. */
    object?: ObjectRef;
    mode: MtlsMode | 'UNSET';
    decides: boolean;
  }[];
}

/** One caller of the service: seen calling, or named by a policy. @public */
export interface CallerView {
  name: string;
  namespace: string;
  principal?: string;
  /** Entity reference of the caller's owner, where the catalog knows it. */
  owner?: string;
  entityRef?: string;
  requestsPerSecond?: number;
  encrypted: 'yes' | 'no' | 'partly' | 'unknown';
  allowed: 'yes' | 'no' | 'partly';
  /** Short: "POST /api/auth/login". Empty means everything. */
  allowedOperations: string[];
  why: string;
  /** Share of its requests answered 403 or refused, 0 to 1. */
  deniedShare?: number;
}

/** The mTLS tab. @public */
export interface SecurityView extends ViewBase {
  ports: PortMtlsView[];
  callers: CallerView[];
  policies: ObjectYaml[];
  mtlsShare?: number;
}

/** "Try a call". @public */
export interface TryCallRequest {
  /** A workload as `namespace/name`; absent: a caller outside the mesh. */
  from?: string;
  method: string;
  path: string;
  port?: number;
}

/** @public */
export interface TryCallResult {
  outcome: 'allowed' | 'denied' | 'refused';
  /** The HTTP status the caller sees because of the mesh; absent where the application answers. */
  status?: number;
  sentence: string;
  decidedBy?: ObjectRef;
}
