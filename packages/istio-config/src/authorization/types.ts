import type { KubeObjectRef } from '../kube/KubeObject';

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
  remoteIp?: string;
  /** `tcp` for a port without HTTP: rules cannot see methods, paths or headers there. HTTP by default. */
  protocol?: 'http' | 'tcp';
  /** `issuer/subject` of a verified token. */
  requestPrincipal?: string;
  claims?: Record<string, string | string[]>;
}

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
}
