import type { KubeObject } from '@meshdeck/istio-config';
import type { Target } from './objectParts';
import { prune } from './pruning';
import { apiVersionOf, type ResourceType } from './resources';
import { badRequest, conflict, invalid, modifiedSince } from './StatusError';
import { assertDecodable, invalidValue } from './validation';

/** The body of a write as an object of the kind its path names. */
export function decoded(
  resource: ResourceType,
  body: unknown,
  options: {
    apiVersion?: string;
    onUnknownFields?: (paths: string[]) => void;
  },
): KubeObject {
  assertDecodable(body);
  const apiVersion = options.apiVersion ?? apiVersionOf(resource);
  // The body of a built-in kind may leave out what the path says anyway.
  const sent: KubeObject = {
    ...body,
    apiVersion: body.apiVersion ?? (resource.builtIn ? apiVersion : ''),
    kind: body.kind ?? (resource.builtIn ? resource.kind : ''),
    metadata: body.metadata ?? {},
  };
  if (sent.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${sent.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (sent.kind === resource.kind) {
    const { object, unknown } = prune(sent);
    if (unknown.length > 0) options.onUnknownFields?.(unknown);
    return object;
  }
  if (resource.builtIn || sent.kind === '') {
    throw badRequest(
      `${
        sent.kind || resource.kind
      } in version "${apiVersion}" cannot be handled as a ${resource.kind}`,
    );
  }
  throw invalid(
    { group: resource.group, kind: sent.kind },
    sent.metadata.name,
    [invalidValue('kind', sent.kind, `must be ${resource.kind}`)],
  );
}

/** The status is applied through its own path, and nothing else through that. */
export function applicable(
  resource: ResourceType,
  config: KubeObject,
  subresource: 'status' | undefined,
): KubeObject {
  const { apiVersion, kind, status, ...rest } = config;
  if (subresource === 'status')
    return { apiVersion, kind, metadata: { name: '' }, status };
  return resource.status ? { apiVersion, kind, ...rest } : config;
}

export function assertSameTarget(sent: KubeObject, target: Target): void {
  const { name, namespace } = sent.metadata;
  if (name && name !== target.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${target.name})`,
    );
  }
  if (namespace && namespace !== target.namespace) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
}

export function assertUnchanged(
  { resource, name }: Target,
  live: KubeObject | undefined,
  sent: KubeObject,
): void {
  const { resourceVersion, uid } = sent.metadata;
  if (resourceVersion && resourceVersion !== live?.metadata.resourceVersion)
    throw modifiedSince(resource, name);
  if (uid && live && uid !== live.metadata.uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
    );
  }
}

export function assertPreconditions(
  { resource, name }: Target,
  live: KubeObject,
  { uid, resourceVersion }: { uid?: string; resourceVersion?: string },
): void {
  const { metadata } = live;
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflict(
      resource,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== metadata.resourceVersion
  ) {
    throw conflict(
      resource,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
