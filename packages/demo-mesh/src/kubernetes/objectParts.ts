import { createHash } from 'node:crypto';
import type { KubeObject } from '@meshdeck/istio-config';
import { schemaOf } from './apply/schema';
import { isSame } from './json';
import { jsonPatch, mergePatch, strategicMergePatch } from './patch';
import { apiVersionOf, type ResourceType } from './resources';

/** Which object a write is about. */
export interface Target {
  resource: ResourceType;
  namespace?: string;
  name: string;
}

export interface Patch {
  type: 'json' | 'merge' | 'strategic';
  document: unknown;
}

/** Metadata that only the server writes. */
const SYSTEM_METADATA = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'selfLink',
];

function withoutSystemMetadata(metadata: KubeObject['metadata']): object {
  return Object.fromEntries(
    Object.entries(metadata).filter(
      ([field]) => !SYSTEM_METADATA.includes(field),
    ),
  );
}

function withStatus(object: KubeObject, status: unknown): KubeObject {
  const { status: _, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as KubeObject;
}

/** The object a create stores, with what only the server decides. */
export function asCreated(target: Target, sent: KubeObject): KubeObject {
  const { resource, namespace, name } = target;
  return {
    ...(resource.status ? withStatus(sent, undefined) : sent),
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: {
      ...withoutSystemMetadata(sent.metadata),
      name,
      ...(namespace ? { namespace } : {}),
      ...(resource.generation ? { generation: 1 } : {}),
    },
  };
}

/** The object an update stores: the status goes its own way, and the server's own fields stay. */
export function asUpdated(
  resource: ResourceType,
  live: KubeObject,
  sent: KubeObject,
  subresource: 'status' | undefined,
): KubeObject {
  if (subresource === 'status') {
    const { managedFields } = sent.metadata;
    return withStatus(
      { ...live, metadata: { ...live.metadata, managedFields } },
      sent.status,
    );
  }
  const system = Object.entries(live.metadata).filter(([field]) =>
    SYSTEM_METADATA.includes(field),
  );
  const next = {
    ...sent,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: {
      ...withoutSystemMetadata(sent.metadata),
      ...Object.fromEntries(system),
    },
  } as KubeObject;
  return withStatus(next, resource.status ? live.status : sent.status);
}

/** The object a patch makes of another. */
export function patched(
  resource: ResourceType,
  current: KubeObject,
  { type, document }: Patch,
): unknown {
  switch (type) {
    case 'json':
      return jsonPatch(current, document);
    case 'merge':
      return mergePatch(current, document);
    default:
      return strategicMergePatch(schemaOf(resource), current, document);
  }
}

/** The generation counts changes of everything but metadata and status. */
export function nextGeneration(live: KubeObject, next: KubeObject): number {
  const desired = ({ metadata: _, status: __, ...rest }: KubeObject) => rest;
  const before = live.metadata.generation ?? 1;
  return isSame(
    desired({ ...live, apiVersion: next.apiVersion }),
    desired(next),
  )
    ? before
    : before + 1;
}

/** Whether finalizers keep the object from going. */
export function isHeld(object: KubeObject): boolean {
  const { finalizers } = object.metadata;
  return Array.isArray(finalizers) && finalizers.length > 0;
}

/** Letters and digits as in the names of pods, without those that could spell something. */
export function nameSuffix(seed: string, length: number): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return [...createHash('sha256').update(seed).digest().subarray(0, length)]
    .map(byte => alphabet[byte % alphabet.length])
    .join('');
}
