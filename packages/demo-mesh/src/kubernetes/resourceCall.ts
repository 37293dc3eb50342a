import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KubeObject } from '@meshdeck/istio-config';
import { send, type Representation } from './media';
import type { Target } from './objectParts';
import type { ApiRequest } from './request';
import { inVersion, type ResourceType } from './resources';
import { scaleOf } from './scale';
import { methodNotAllowed } from './StatusError';
import { partial, type TableRenderer } from './table';

/** A request for objects of a kind that exists, and how to answer it. */
export interface ResourceCall {
  req: IncomingMessage;
  res: ServerResponse;
  resource: ResourceType;
  attributes: NonNullable<ApiRequest['attributes']>;
  query: URLSearchParams;
  apiVersion: string;
  representation: Representation;
  table: TableRenderer;
}

export function namespaceOf(call: ResourceCall): string | undefined {
  return call.resource.namespaced ? call.attributes.namespace : undefined;
}

export function targetOf(call: ResourceCall): Target {
  const { name } = call.attributes;
  if (name === undefined) throw methodNotAllowed();
  return { resource: call.resource, namespace: namespaceOf(call), name };
}

/** The items of a list of a built-in kind don't repeat the kind. */
export function asListItems(
  resource: ResourceType,
  objects: readonly KubeObject[],
): readonly object[] {
  if (!resource.builtIn) return objects;
  return objects.map(({ apiVersion, kind, ...rest }) => rest);
}

/** Sends one object in the form that was asked for. */
export function answer(
  call: ResourceCall,
  code: number,
  stored: KubeObject,
): void {
  const { res, representation, attributes, table } = call;
  const object = inVersion(stored, call.apiVersion);
  if (attributes.subresource === 'scale') {
    send(res, code, scaleOf(object), representation.format);
  } else if (representation.as === 'Table') {
    const { resourceVersion } = object.metadata;
    send(res, code, table.render([object], { resourceVersion }));
  } else {
    const body = representation.as ? partial(object) : object;
    send(res, code, body, representation.format);
  }
}
