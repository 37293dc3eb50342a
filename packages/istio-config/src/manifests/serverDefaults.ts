import { isSameJson } from '../edits/isSameJson';
import type { Place } from '../kube/place';
import { groupOf } from './groupOf';

/** What the API server fills in where a manifest says nothing; Istio's own kinds have no such thing. */
const GATEWAY_API: Record<string, readonly unknown[]> = {
  group: ['', 'gateway.networking.k8s.io'],
  kind: ['Service', 'Gateway'],
  weight: [1],
  type: ['PathPrefix', 'Exact'],
  value: ['/'],
  path: [{ type: 'PathPrefix', value: '/' }],
  matches: [[{ path: { type: 'PathPrefix', value: '/' } }]],
  statusCode: [302],
};

/** Of an object, what only the server decides. */
const METADATA_OF_THE_SERVER = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
];

/** Marks of those who deliver; they are never in a file. */
const DELIVERY_MARKS =
  /^(argocd\.argoproj\.io\/tracking-id$|kubectl\.kubernetes\.io\/last-applied-configuration$|(kustomize|helm)\.toolkit\.fluxcd\.io\/)/;

/** Whether a value that only the cluster has was filled in by its server. */
export function isServerDefault(
  apiVersion: string,
  field: string,
  value: unknown,
): boolean {
  return (
    groupOf(apiVersion) === 'gateway.networking.k8s.io' &&
    Object.hasOwn(GATEWAY_API, field) &&
    GATEWAY_API[field].some(known => isSameJson(known, value))
  );
}

/** Whether a place is the server's alone, so that no file says anything of it. */
export function isOfServer([first, second]: Place): boolean {
  return (
    first === 'status' ||
    (first === 'metadata' && METADATA_OF_THE_SERVER.includes(String(second)))
  );
}

/** An object as a file has it: without what the server and those who deliver add. */
export function asManifest<T extends { metadata: object }>(object: T): T {
  const {
    status: _status,
    metadata,
    ...rest
  } = object as T & {
    status?: unknown;
  };
  const kept = Object.entries(metadata)
    .filter(([field]) => !METADATA_OF_THE_SERVER.includes(field))
    .map(([field, value]) => [
      field,
      field === 'labels' || field === 'annotations'
        ? withoutMarks(value)
        : value,
    ])
    .filter(([, value]) => value !== undefined);
  const { apiVersion, kind, ...others } = rest as Record<string, unknown>;
  return {
    apiVersion,
    kind,
    metadata: Object.fromEntries(kept),
    ...others,
  } as unknown as T;
}

/** Undefined where nothing is left. */
function withoutMarks(marks: unknown): unknown {
  const kept = Object.entries(marks ?? {}).filter(
    ([name]) => !DELIVERY_MARKS.test(name),
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
