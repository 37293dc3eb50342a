import { ObjectRef, ObjectYaml, ViewBase } from './common';

/** @public */
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** The effective mTLS of one port, with the policies that decided it from the mesh down to the port. @public */
export interface PortMtlsView {
  workload: string;
  port: number;
  portName?: string;
  mode: MtlsMode;
  /** Why it is other than the policies say: no proxy stands before the port, or ztunnel does not know the mode. */
  note?: string;
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
  /** Entity reference of the caller's owner, where cluster and catalog agree on it. */
  owner?: string;
  entityRef?: string;
  /** True where only the annotation of the entity says so: neither the Service nor its Namespace names one. */
  isClaimed?: boolean;
  requestsPerSecond?: number;
  encrypted: 'yes' | 'no' | 'partly' | 'unknown';
  allowed: 'yes' | 'no' | 'partly';
  /** Short: "POST /api/auth/login". Empty means everything. */
  allowedOperations: string[];
  why: string;
  /** The policies that `why` is about. */
  decidedBy?: ObjectRef[];
  /** Share of its requests answered 403 or refused, 0 to 1. */
  deniedShare?: number;
}

/** Somebody whom STRICT would block. @public */
export interface StrictBreak {
  name: string;
  namespace?: string;
  kind: 'caller' | 'probe';
  why: string;
  requestsPerSecond?: number;
  owner?: string;
  entityRef?: string;
  /** True where only the annotation of the entity says so: neither the Service nor its Namespace names one. */
  isClaimed?: boolean;
}

/** What would happen if the service went STRICT. @public */
export interface StrictOutlook {
  /** All ports are STRICT already: those who break are blocked now. */
  isStrict: boolean;
  breaks: StrictBreak[];
  /** False where nobody was seen because nobody could look. */
  isWatched: boolean;
}

/** Tokens of one issuer that the service's proxies read. @public */
export interface TokenIssuerView {
  object: ObjectRef;
  issuer: string;
  audiences: string[];
  /** "header Authorization after Bearer", "query parameter access_token". */
  readFrom: string[];
}

/** What the mesh makes of tokens. @public */
export interface TokenView {
  issuers: TokenIssuerView[];
  /** Whether the mesh refuses requests without a token: all of them, some, none. */
  required: 'yes' | 'partly' | 'no';
  sentence: string;
}

/** The mTLS tab. @public */
export interface SecurityView extends ViewBase {
  ports: PortMtlsView[];
  callers: CallerView[];
  policies: ObjectYaml[];
  mtlsShare?: number;
  ifStrict: StrictOutlook;
  tokens: TokenView;
}

/** "Try a call". @public */
export interface TryCallRequest {
  /** A workload as `namespace/name`; absent: a caller outside the mesh. */
  from?: string;
  method: string;
  path: string;
  port?: number;
  /** A token that comes with the call, taken to be valid. */
  jwt?: TryCallToken;
}

/** @public */
export interface TryCallToken {
  issuer: string;
  subject?: string;
  claims?: Record<string, string>;
}

/** @public */
export interface TryCallResult {
  outcome: 'allowed' | 'denied' | 'refused';
  /** The HTTP status the caller sees because of the mesh; absent where the application answers. */
  status?: number;
  sentence: string;
  decidedBy?: ObjectRef;
}
