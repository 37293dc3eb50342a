import { isMap } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import type { Finding } from './Finding';

/** Where what was given for an object is none, and why. */
export interface MalformedProblem {
  path: string;
  message: string;
  fix: string;
}

/** Why a {@link MeshObjects} cannot take something for a Kubernetes object; undefined where it can. */
export function malformedProblem(
  object: unknown,
): MalformedProblem | undefined {
  if (!isMap(object)) {
    return {
      path: '',
      message: 'This is no Kubernetes object, but a list or a plain value.',
      fix: 'Give an object with apiVersion, kind and metadata.',
    };
  }
  for (const field of ['apiVersion', 'kind']) {
    if (typeof object[field] !== 'string') {
      return {
        path: field,
        message: `It has no ${field}, so nobody knows what it is.`,
        fix: `Set ${field}.`,
      };
    }
  }
  if (!isMap(object.metadata)) {
    return {
      path: 'metadata',
      message:
        'It has no metadata, so it has no name: the API server refuses it.',
      fix: 'Set metadata.name.',
    };
  }
  return nameProblem(object.metadata) ?? metadataProblem(object.metadata);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function nameProblem({
  name,
}: Record<string, unknown>): MalformedProblem | undefined {
  if (typeof name === 'string') {
    return undefined;
  }
  return {
    path: 'metadata.name',
    message: isAbsent(name)
      ? 'It has no metadata.name: the API server refuses it.'
      : `Its name is ${JSON.stringify(
          name,
        )}, which is no text: the API server refuses it.`,
    fix: isAbsent(name) ? 'Give it a name.' : 'Put the name in quotes.',
  };
}

function metadataProblem(
  metadata: Record<string, unknown>,
): MalformedProblem | undefined {
  const { namespace } = metadata;
  if (!isAbsent(namespace) && typeof namespace !== 'string') {
    return {
      path: 'metadata.namespace',
      message: `Its namespace is ${JSON.stringify(
        namespace,
      )}, which is no text: the API server refuses it.`,
      fix: 'Put the namespace in quotes.',
    };
  }
  const field = ['labels', 'annotations'].find(
    one => !isAbsent(metadata[one]) && !isMap(metadata[one]),
  );
  return field === undefined
    ? undefined
    : {
        path: `metadata.${field}`,
        message: `Its ${field} are no map: the API server refuses it.`,
        fix: 'Write them as name: value.',
      };
}

/** What `istioctl install` reads, and no API server gets to see: it needs no name. */
export function isInstallInput(object: unknown): boolean {
  return (
    textOf(object, 'kind') === 'IstioOperator' &&
    textOf(object, 'apiVersion').startsWith('install.istio.io/')
  );
}

/** One finding for each thing that was given for an object and is none. */
export function malformedFindings(set: MeshObjects): Finding[] {
  return set.malformed
    .filter(object => !isInstallInput(object))
    .map(object => {
      const metadata =
        isMap(object) && isMap(object.metadata) ? object.metadata : {};
      const { path, message, fix } = malformedProblem(object) ?? {
        path: '',
        message: 'This is no Kubernetes object.',
        fix: 'Give an object with apiVersion, kind and metadata.',
      };
      return {
        code: 'IST0106',
        level: 'error' as const,
        resource: {
          apiVersion: textOf(object, 'apiVersion'),
          kind: textOf(object, 'kind') || 'Unknown',
          namespace: textOf(metadata, 'namespace') || undefined,
          name: textOf(metadata, 'name'),
        },
        path,
        message,
        fix,
      };
    })
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function textOf(value: unknown, field: string): string {
  const text: unknown = isMap(value) ? value[field] : undefined;
  return typeof text === 'string' ? text : '';
}

function keyOf({ resource, message }: Finding): string {
  return `${resource.kind} ${resource.namespace} ${resource.name} ${message}`;
}
