import type { KubeObjectRef } from '../kube/KubeObject';

/** @public */
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** One step from the mesh down to the port. @public */
export interface MtlsChainLink {
  level: 'mesh' | 'namespace' | 'workload' | 'port';
  policy?: KubeObjectRef;
  mode: MtlsMode | 'UNSET';
  decides: boolean;
  /** Policies of the same level that lost because they are younger. */
  losers: readonly KubeObjectRef[];
}

/** What the server side of a port takes, and who decided it. @public */
export interface EffectiveMtls {
  mode: MtlsMode;
  decidedBy?: KubeObjectRef;
  chain: readonly MtlsChainLink[];
  /** Why it is other than the policies say: no proxy stands before the port, or ztunnel does not know the mode. */
  note?: string;
}

/** What a caller's proxy sends. @public */
export interface ClientTls {
  /** `HBONE`: Istio's mTLS as a tunnel, which ztunnel speaks. */
  mode: 'ISTIO_MUTUAL' | 'MUTUAL' | 'SIMPLE' | 'HBONE' | 'NONE';
  decidedBy?: KubeObjectRef;
  why: string;
}

/** How a connection between two sides ends. @public */
export interface ConnectionVerdict {
  outcome: 'mtls' | 'plaintext' | 'refused';
  why: string;
  server: EffectiveMtls;
  client: ClientTls;
}
