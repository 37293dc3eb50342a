import type { Workload } from '@meshdeck/istio-config';
import type { Branch, CallShape } from '../traffic/flows/Flow';
import type { ScopeFilter } from '../traffic/Traffic';

/** A span before its tags are written, which only those that are shown need. */
export interface SpanDraft {
  id: string;
  parentId?: string;
  kind: 'client' | 'server' | 'internal';
  /** Whose span it is. */
  workload: Workload;
  operation: string;
  startUs: number;
  durationUs: number;
  shape: CallShape;
  branch: Branch;
  code: number;
  flags: string;
}

/** Istio's name for a service in traces. */
export function serviceNameOf(workload: Workload): string {
  return `${workload.canonicalService}.${workload.namespace}`;
}

/** The traffic that can involve a service of this name. */
export function inNamespaceOf(serviceName: string): ScopeFilter {
  const namespace = serviceName.slice(serviceName.lastIndexOf('.') + 1);
  return ({ callers, called }) =>
    callers.includes(namespace) || called.includes(namespace);
}

/** Envoy's name for a route: host and port of the Service, then the path that the rule asks for. */
export function clientOperation({ service, rule }: Branch): string {
  return `${service.host}:${service.port}${rule?.matchedPath ?? '/*'}`;
}

export function serverOperation({ service }: Branch): string {
  return `${service.host}:${service.port}/*`;
}
