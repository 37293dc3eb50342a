import type { IncomingMessage } from 'node:http';
import type { ResourceAttributes } from './auth';
import { findResource, type ResourceType } from './resources';
import { badRequest, invalid } from './StatusError';

/** A request, taken apart as far as its URL says. */
export interface ApiRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** What it asks for, of paths below a version; whether or not that kind exists. */
  attributes?: ResourceAttributes & { version: string };
  /** The kind, where it exists. */
  resource?: ResourceType;
}

const VERBS = new Map([
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
]);

function verbOf(method: string, query: URLSearchParams, name?: string): string {
  if (method === 'GET' || method === 'HEAD') {
    if (name) return 'get';
    return isTrue(query, 'watch') ? 'watch' : 'list';
  }
  if (method === 'DELETE') return name ? 'delete' : 'deletecollection';
  return VERBS.get(method) ?? method.toLowerCase();
}

/** Query flags count as set in each of the ways Go reads a boolean, and when they stand alone. */
export function isTrue(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && !['0', 'false', 'f', 'F', 'FALSE'].includes(value);
}

function segmentsOf(path: string): string[] {
  try {
    return path
      .split('/')
      .filter(segment => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw badRequest('the path of the request is not valid percent-encoding');
  }
}

function placeOf(segments: string[], isCore: boolean) {
  const [first, second, third, ...rest] = segments;
  if (first !== 'namespaces' || second === undefined || (!isCore && !third)) {
    return {
      plural: first,
      name: second,
      subresource: third,
      surplus: rest,
    };
  }
  if (
    isCore &&
    (third === undefined || third === 'status' || third === 'finalize')
  ) {
    // A right in a namespace includes the namespace itself.
    return {
      plural: first,
      namespace: second,
      name: second,
      subresource: third,
      surplus: rest,
    };
  }
  const [name, subresource, ...surplus] = rest;
  return { plural: third, namespace: second, name, subresource, surplus };
}

export function parseRequest(req: IncomingMessage): ApiRequest {
  const method = req.method ?? 'GET';
  const [path, search = ''] = splitOnce(req.url ?? '/', '?');
  const query = new URLSearchParams(search);
  const segments = segmentsOf(path);
  const [root, ...rest] = segments;
  const request: ApiRequest = { method, path, query };

  const isCore = root === 'api';
  if (!isCore && root !== 'apis') return request;
  const [group, version, ...below] = isCore ? ['', ...rest] : rest;
  if (version === undefined || below.length === 0) return request;
  const { plural, surplus, ...place } = placeOf(below, isCore);
  const resource = findResource(group, version, plural);
  const verb = verbOf(method, query, place.name);
  request.attributes = { verb, group, version, resource: plural, ...place };

  const isInNamespace =
    place.namespace !== undefined && plural !== 'namespaces';
  const fits =
    resource &&
    surplus.length === 0 &&
    (resource.namespaced
      ? isInNamespace || place.name === undefined
      : !isInNamespace);
  return fits ? { ...request, resource } : request;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

const OPTIONS_KIND = new Map([
  ['create', 'CreateOptions'],
  ['update', 'UpdateOptions'],
  ['patch', 'PatchOptions'],
  ['delete', 'DeleteOptions'],
  ['deletecollection', 'DeleteOptions'],
]);

/** Whether a write is a rehearsal. */
export function isDryRun(
  verb: string,
  query: URLSearchParams,
  inBody: unknown = undefined,
): boolean {
  const sent: unknown[] = [
    ...query.getAll('dryRun'),
    ...(Array.isArray(inBody) ? inBody : []),
  ].filter(value => value !== '');
  const wrong = sent.find(value => value !== 'All');
  if (wrong !== undefined) {
    const kind = OPTIONS_KIND.get(verb) ?? 'PatchOptions';
    throw invalid({ group: 'meta.k8s.io', kind }, '', [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(
          sent,
        )}: supported values: "All"`,
        field: 'dryRun',
      },
    ]);
  }
  return sent.length > 0;
}

/** Who writes: the manager named, or the program that sends the request. */
export function managerOf(
  query: URLSearchParams,
  userAgent: string | undefined,
): string {
  const named = query.get('fieldManager');
  if (named) return named;
  const program = (userAgent ?? '').split('/')[0];
  return program.replace(/[^\x20-\x7e]/g, '').slice(0, 128) || 'unknown';
}

/** Checks the manager's name as far as real servers do. */
export function assertFieldManager(
  verb: string,
  query: URLSearchParams,
  isApply: boolean,
): void {
  const kind = OPTIONS_KIND.get(verb) ?? 'PatchOptions';
  const refuse = (reason: string, message: string, field: string) =>
    invalid({ group: 'meta.k8s.io', kind }, '', [{ reason, message, field }]);
  const named = query.get('fieldManager') ?? '';
  if (isApply && named === '') {
    throw refuse(
      'FieldValueRequired',
      'Required value: is required for apply patch',
      'fieldManager',
    );
  }
  if (!isApply && verb === 'patch' && query.has('force')) {
    throw refuse(
      'FieldValueForbidden',
      'Forbidden: may not be specified for non-apply patch',
      'force',
    );
  }
  if (Buffer.byteLength(named) > 128) {
    throw refuse(
      'FieldValueTooLong',
      'Too long: must have at most 128 bytes',
      'fieldManager',
    );
  }
}
