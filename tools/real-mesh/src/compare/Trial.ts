import type { RequestJwt } from '@meshdeck/istio-config';
import type { AnyObject } from '../KubeApi';

/** A configuration and what is to be asked of it. */
export interface Trial {
  objects: AnyObject[];
  requests: Ask[];
}

/** Who asks whom for what. */
export interface Ask {
  protocol: 'http' | 'grpc' | 'tls' | 'tcp';
  /** `namespace/app`. */
  from: string;
  /** The Service whose address is called, `namespace/name`; of no account at a gateway. */
  to: string;
  /** The Gateway that is asked instead, `namespace/name`. */
  gateway?: string;
  /** The Host header, or the name in the TLS greeting. */
  host: string;
  port: number;
  /** Sent over TLS, with this name in the greeting. */
  sni?: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Signed when it is sent. */
  jwt?: RequestJwt;
  /** The status with which the app is to answer; then what arrives anywhere is counted, copies too. */
  answeredWith?: number;
}

/** What tells objects apart. */
export function keyOf({ kind, metadata }: AnyObject): string {
  return `${kind} ${metadata.namespace} ${metadata.name}`;
}
