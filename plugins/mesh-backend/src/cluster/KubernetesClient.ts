import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { itemsOf, type KubeObject, ownField } from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';
import { SourceError } from '../sources/SourceError';
import {
  namespacePath,
  objectPath,
  WATCHED_RESOURCES,
} from './watchedResources';

/** As `metadata.managedFields` of the objects names what is written from here. */
export const FIELD_MANAGER = 'meshdeck';
/** Of one object: etcd takes 1.5 MB. */
const MOST_BYTES = 8 * 1024 * 1024;
const PAGE_SIZE = 200;

const PLURALS = new Map(
  WATCHED_RESOURCES.map(({ kind, plural }) => [kind, plural]),
);

/** Somebody else owns fields that an apply would set. */
export class FieldConflictError extends Error {
  readonly name = 'FieldConflictError';

  constructor(readonly managers: string[], message: string) {
    super(message);
  }
}

/** The object is another one than the one that was looked at. */
export class StaleObjectError extends ConflictError {}

/** Reads and writes single objects of one cluster, always within a deadline. */
export class KubernetesClient {
  static create(options: {
    access: MeshClusterAccess;
    cluster: string;
    deadlineMs: number;
  }) {
    return new KubernetesClient(options);
  }

  private constructor(
    private readonly options: Parameters<typeof KubernetesClient.create>[0],
  ) {}

  async get(
    ref: Pick<KubeObject, 'apiVersion' | 'kind'> & {
      namespace?: string;
      name: string;
    },
  ): Promise<KubeObject> {
    return this.send('GET', ref);
  }

  /** All objects of a kind, in a namespace or everywhere. */
  async list(
    place: Pick<KubeObject, 'apiVersion' | 'kind'> & { namespace?: string },
    selectors: { labelSelector?: string; fieldSelector?: string } = {},
  ): Promise<KubeObject[]> {
    const { apiVersion, kind } = place;
    const objects: KubeObject[] = [];
    let next: string | undefined;
    do {
      const page = await this.send('GET', place, {
        query: { ...selectors, limit: String(PAGE_SIZE), continue: next },
      });
      // Items of a list carry neither kind nor version.
      objects.push(
        ...itemsOf(page.items).map(item => ({ ...item, apiVersion, kind })),
      );
      next = ownField(page.metadata, 'continue') || undefined;
    } while (next);
    return objects;
  }

  /**
   * Creates an object as `meshdeck`, where there is none of its name.
   * @throws StaleObjectError where there is one.
   */
  async create(
    object: KubeObject,
    options: { dryRun?: boolean } = {},
  ): Promise<KubeObject> {
    const { apiVersion, kind, metadata } = object;
    return this.send(
      'POST',
      { apiVersion, kind, namespace: metadata.namespace },
      {
        query: {
          fieldManager: FIELD_MANAGER,
          dryRun: options.dryRun ? 'All' : undefined,
        },
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(object),
      },
    );
  }

  /**
   * Puts a whole object in the place of the one with its uid and resourceVersion, as `meshdeck`.
   * @throws StaleObjectError where that is not there any more.
   */
  async replace(object: KubeObject): Promise<KubeObject> {
    const { namespace, name } = object.metadata;
    return this.send(
      'PUT',
      { ...object, namespace, name },
      {
        query: { fieldManager: FIELD_MANAGER },
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(object),
      },
    );
  }

  /**
   * Server-side apply as `meshdeck`. A resourceVersion in the object is a lock.
   * @throws StaleObjectError where the lock does not hold, FieldConflictError where others own the fields.
   */
  async apply(
    object: KubeObject,
    options: { dryRun?: boolean; force?: boolean } = {},
  ): Promise<KubeObject> {
    const { namespace, name } = object.metadata;
    return this.send(
      'PATCH',
      { ...object, namespace, name },
      {
        query: {
          fieldManager: FIELD_MANAGER,
          force: options.force ? 'true' : undefined,
          dryRun: options.dryRun ? 'All' : undefined,
        },
        headers: { 'Content-Type': 'application/apply-patch+yaml' },
        body: JSON.stringify(object),
      },
    );
  }

  /**
   * Replaces, sets and, with null, takes away fields, as `meshdeck`. A resourceVersion in the patch is a lock.
   * @throws StaleObjectError where the lock does not hold.
   */
  async patch(
    ref: Pick<KubeObject, 'apiVersion' | 'kind'> & {
      namespace?: string;
      name: string;
    },
    patch: object,
    options: { dryRun?: boolean } = {},
  ): Promise<KubeObject> {
    return this.send('PATCH', ref, {
      query: {
        fieldManager: FIELD_MANAGER,
        dryRun: options.dryRun ? 'All' : undefined,
      },
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: JSON.stringify(patch),
    });
  }

  /**
   * Deletes an object, if it is still the one with this uid and resourceVersion.
   * @throws StaleObjectError where it is not.
   */
  async remove(object: KubeObject): Promise<void> {
    const { namespace, name, uid, resourceVersion } = object.metadata;
    await this.send(
      'DELETE',
      { ...object, namespace, name },
      {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid, resourceVersion },
        }),
      },
    );
  }

  private async send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    ref: {
      apiVersion: string;
      kind: string;
      namespace?: string;
      /** Without it, all of the kind in the namespace. */
      name?: string;
    },
    request: {
      query?: Record<string, string | undefined>;
      headers?: Record<string, string>;
      body?: string;
    } = {},
  ): Promise<KubeObject> {
    const { access, cluster, deadlineMs } = this.options;
    const plural = PLURALS.get(ref.kind);
    if (!plural) {
      throw new NotAllowedError(`Meshdeck does not write ${ref.kind}`);
    }
    const signal = AbortSignal.timeout(deadlineMs);
    let response: Response;
    let body: any;
    try {
      response = await access.request(cluster, {
        method,
        path:
          ref.name === undefined
            ? namespacePath(ref, plural)
            : objectPath({ ...ref, name: ref.name }, plural),
        ...request,
        signal,
      });
      body = JSON.parse(await readText(response, MOST_BYTES));
    } catch (error) {
      if (error instanceof NotAllowedError) {
        throw error;
      }
      throw new SourceError(
        signal.aborted
          ? `Cluster ${cluster} did not answer within ${deadlineMs / 1000} s.`
          : `Cluster ${cluster} cannot be reached: ${(error as Error).message}`,
      );
    }
    if (!response.ok) {
      throw failureOf(response.status, body, cluster);
    }
    return body;
  }
}

function failureOf(code: number, status: any, cluster: string): Error {
  const message: string =
    status?.message ?? status?.error?.message ?? `it answered ${code}`;
  if (code === 409) {
    const causes: any[] = status?.details?.causes ?? [];
    const managers = causes
      .filter(cause => cause?.reason === 'FieldManagerConflict')
      .map(cause => /conflict with "([^"]+)"/.exec(cause.message)?.[1])
      .filter((manager): manager is string => manager !== undefined);
    return managers.length
      ? new FieldConflictError([...new Set(managers)], message)
      : new StaleObjectError(message);
  }
  if (code === 404 && status?.kind === 'Status') {
    return new NotFoundError(message);
  }
  if (code === 403 && status?.kind === 'Status') {
    return new NotAllowedError(
      `Cluster ${cluster} forbids it to the portal: ${message}`,
    );
  }
  return new SourceError(`Cluster ${cluster} refused: ${message}`, {
    answered: code,
  });
}
