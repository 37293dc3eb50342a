import type { RequestJwt } from '@meshdeck/istio-config';
import type { AnyObject } from '../KubeApi';

/** A configuration and what is to be asked of it. */
export interface Trial {
  objects: AnyObject[];
  requests: Ask[];
}

/** Who asks whom for what. */
export interface Ask {
  protocol: 'http' | 'tls' | 'tcp';
  /** `namespace/app`. */
  from: string;
  /** The Service whose address is called, `namespace/name`; of no account at a gateway. */
  to: string;
  /** The Gateway that is asked instead, `namespace/name`. */
  gateway?: string;
  /** The Host header, or the name in the TLS greeting. */
  host: string;
  port: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Signed when it is sent. */
  jwt?: RequestJwt;
}

/** What tells objects apart. */
export function keyOf({ kind, metadata }: AnyObject): string {
  return `${kind} ${metadata.namespace} ${metadata.name}`;
}
