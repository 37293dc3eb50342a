import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  formatDuration,
  itemsOf,
  type KubeObject,
  type KubeObjectRef,
  ownField,
  type PatchOperation,
  refOf,
  toJsonPatch,
} from '@meshdeck/istio-config';
import type {
  MeshClusterAccess,
  MeshClusterRequest,
} from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';
import { SourceError } from '../sources/SourceError';
import {
  namespacePath,
  objectPath,
  WATCHED_RESOURCES,
  WatchedResource,
} from './watchedResources';
import { writableResource } from './writableResources';
import {
  isAnswer,
  NotServedError,
  UnfinishedWriteError,
  statusOf,
  failureOf,
} from './kubernetesErrors';

/** As `metadata.managedFields` of the objects names what is written from here. */
export const FIELD_MANAGER = 'meshdeck';

/** Of one answer: etcd takes 1.5 MB of an object. */
const MOST_BYTES = 8 * 1024 * 1024;

const PAGE_SIZE = 200;

const READ_PLURALS = new Map([
  ...WATCHED_RESOURCES.map(({ kind, plural }) => [kind, plural] as const),
  // Which files an object comes from; read only where somebody changes one.
  ['Application', 'applications'],
  ['Kustomization', 'kustomizations'],
  ['GitRepository', 'gitrepositories'],
]);

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

  /** The object as it is now, from the server's database. */
  async get(ref: KubeObjectRef): Promise<KubeObject> {
    return this.send({ path: objectPath(ref, readPlural(ref.kind)) });
  }

  /**
   * The same; undefined where there is no such object.
   *
   * @throws NotServedError where the server does not know the kind: then nobody can say.
   */
  async find(ref: KubeObjectRef): Promise<KubeObject | undefined> {
    try {
      return await this.get(ref);
    } catch (error) {
      if (
        error instanceof NotFoundError &&
        !(error instanceof NotServedError)
      ) {
        return undefined;
      }
      throw error;
    }
  }

  /** All objects of a kind, in a namespace or everywhere. */
  async list(
    place: Pick<KubeObject, 'apiVersion' | 'kind'> & { namespace?: string },
    selectors: { labelSelector?: string; fieldSelector?: string } = {},
  ): Promise<KubeObject[]> {
    return this.listOf({ ...place, plural: readPlural(place.kind) }, selectors);
  }

  private async listOf(
    collection: {
      apiVersion: string;
      kind: string;
      plural: string;
      namespace?: string;
    },
    selectors: { labelSelector?: string; fieldSelector?: string } = {},
  ): Promise<KubeObject[]> {
    const { apiVersion, kind, plural } = collection;
    const path = namespacePath(collection, plural);
    const objects: KubeObject[] = [];
    let next: string | undefined;
    do {
      const page = await this.send({
        path,
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
    const { plural } = writable(object);
    return this.write(namespacePath(placeOf(object), plural), options, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(object),
    });
  }

  /**
   * The objects of a kind in a namespace as they are now; undefined where the cluster does not serve the kind.
   *
   * @throws NotAllowedError where there may be some that the portal may not read.
   */
  async listServed(
    { kind, plural, groupVersions }: WatchedResource,
    namespace: string,
  ): Promise<KubeObject[] | undefined> {
    for (const apiVersion of groupVersions) {
      try {
        return await this.listOf({ apiVersion, kind, plural, namespace });
      } catch (error) {
        const isAbsent =
          error instanceof NotFoundError ||
          // Of a kind that nobody installed, most accounts hear that they may not read it.
          (error instanceof NotAllowedError &&
            !(await this.serves(apiVersion)));
        if (!isAbsent) {
          throw error;
        }
      }
    }
    return undefined;
  }

  /**
   * All of the operations, as `meshdeck`, or none of them.
   *
   * @throws RefusedRequestError where a test does not hold or the result is not valid; the answer does not always say which.
   */
  async patch(
    ref: KubeObjectRef,
    operations: readonly PatchOperation[],
    options: { dryRun?: boolean } = {},
  ): Promise<KubeObject> {
    return this.write(writablePath(ref), options, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json-patch+json' },
      body: JSON.stringify(toJsonPatch(operations)),
    });
  }

  /**
   * Deletes an object, if it is still the one with this uid and resourceVersion.
   * @throws StaleObjectError where it is not.
   */
  async remove(
    object: KubeObject,
    options: { dryRun?: boolean } = {},
  ): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    await this.write(writablePath(refOf(object)), options, {
      method: 'DELETE',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid, resourceVersion },
        // With options in its body the server looks at none in the address: it would delete in earnest.
        ...(options.dryRun && { dryRun: ['All'] }),
      }),
    });
  }

  private async serves(groupVersion: string): Promise<boolean> {
    try {
      await this.send({ path: `/apis/${groupVersion}` });
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) {
        return false;
      }
      throw error;
    }
  }

  private async write(
    path: string,
    { dryRun }: { dryRun?: boolean },
    request: Omit<MeshClusterRequest, 'path'>,
  ): Promise<KubeObject> {
    const query = { ...request.query, fieldManager: FIELD_MANAGER };
    if (dryRun) {
      return this.send({
        ...request,
        path,
        query: { ...query, dryRun: 'All' },
      });
    }
    // When nobody waits any longer, the server is to stop, too: what comes late is then known not to come.
    const timeout = formatDuration(this.options.deadlineMs);
    try {
      return await this.send({
        ...request,
        path,
        query: { ...query, timeout },
      });
    } catch (error) {
      throw isAnswer(error)
        ? error
        : new UnfinishedWriteError((error as Error).message);
    }
  }

  private async send(request: MeshClusterRequest): Promise<KubeObject> {
    const { access, cluster, deadlineMs } = this.options;
    const signal = AbortSignal.timeout(deadlineMs);
    let answer: { body: KubeObject } | { code: number; text: string };
    try {
      const response = await access.request(cluster, { ...request, signal });
      const text = await readText(response, MOST_BYTES);
      answer = response.ok
        ? { body: JSON.parse(text) }
        : { code: response.status, text };
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
    if ('text' in answer) {
      throw failureOf(answer.code, statusOf(answer.text), cluster);
    }
    return answer.body;
  }
}

/** @throws NotAllowedError */
function readPlural(kind: string): string {
  const plural = READ_PLURALS.get(kind);
  if (!plural) {
    throw new NotAllowedError(`Meshdeck does not read ${kind}`);
  }
  return plural;
}

/** @throws NotAllowedError */
function writable(object: { apiVersion: string; kind: string }) {
  const resource = writableResource(object);
  if (!resource) {
    throw new NotAllowedError(`Meshdeck does not write ${object.kind}`);
  }
  return resource;
}

function writablePath(ref: KubeObjectRef): string {
  return objectPath(ref, writable(ref).plural);
}

function placeOf({ apiVersion, metadata }: KubeObject) {
  return { apiVersion, namespace: metadata.namespace };
}
