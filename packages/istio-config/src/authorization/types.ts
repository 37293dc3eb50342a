import type { KubeObjectRef } from '../kube/KubeObject';
import type { ProxiedWorkload } from '../workloads/inboundCapture';

/** A request as an AuthorizationPolicy sees it at the server's proxy. @public */
export interface AccessRequest {
  /** The caller's identity, `trust-domain/ns/NAMESPACE/sa/ACCOUNT`; absent for a plaintext caller. */
  principal?: string;
  /** The workload's own (container) port. */
  port: number;
  method?: string;
  path?: string;
  host?: string;
  headers?: Record<string, string>;
  /** The address of the client, which proxies on the way hand on: what `remoteIpBlocks` looks at. */
  remoteIp?: string;
  /** The address at the other end of the connection, as of a gateway: what `ipBlocks` looks at. The client’s where not said. */
  peerIp?: string;
  /** The server name of a TLS connection. */
  sni?: string;
  /** `tcp` for a port without HTTP: rules cannot see methods, paths or headers there. HTTP by default. */
  protocol?: 'http' | 'tcp';
  /** The token that comes with the request, before anybody has looked at it. */
  jwt?: RequestJwt;
  /** `issuer/subject` of a token that is known to be verified; `jwt` goes before it. */
  requestPrincipal?: string;
  /** The claims of such a token. */
  claims?: Record<string, unknown>;
  /** The Service that the caller named: in ambient mode its waypoint decides first. */
  service?: { namespace: string; name: string };
}

/** A token. @public */
export interface RequestJwt {
  /** What it says: `iss`, `sub`, `aud`, `azp` and others, nested as they are. */
  claims: Record<string, unknown>;
  /** Whether its signature is in order; true where not said. */
  isValid?: boolean;
  /** Whether its dates are out of order, which is looked at before all but the issuer. */
  isExpired?: boolean;
}

/** Who enforces policies for a workload. @public */
export type PolicyEnforcer = 'sidecar' | 'ztunnel' | 'waypoint' | 'nobody';

/** @public */
export interface AccessDecision {
  allowed: boolean;
  /** The policy that decided; absent where no policy applies. */
  decidedBy?: { policy: KubeObjectRef; /** From 0. */ rule?: number };
  /** One sentence. */
  reason: string;
  /** CUSTOM policies that fit: their providers are asked first, and may refuse what is allowed here. */
  dependsOn?: readonly { policy: KubeObjectRef; provider: string }[];
  /** ALLOW, DENY and CUSTOM policies that apply to the workload. */
  policies: readonly KubeObjectRef[];
  /** Whose decision it is; a sidecar's where not said. */
  enforcedBy?: PolicyEnforcer;
  /** The status of a refusal: 401 or 403 for a token, else absent, which means 403 (RBAC). */
  status?: 401 | 403;
  /** What the status may be as well: which of several rules has the last word is left open. */
  otherStatus?: 401 | 403;
  /** Policies, or rules of them, that the enforcer cannot enforce. */
  notEnforced?: readonly { policy: KubeObjectRef; why: string }[];
}

/** What a policy is asked about: a workload, and what proxies it, where that is known. @public */
export interface PolicyTarget extends ProxiedWorkload {
  namespace: string;
  labels: Record<string, string>;
}
