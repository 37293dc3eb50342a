import type { KubeObject } from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';
import type { RefusalStatus } from './kubernetesErrors';
import { trimObject } from './trimObject';
import {
  collectionPath,
  fieldSelectorOf,
  WatchedResource,
} from './watchedResources';

/** Of a refusal. */
const MOST_STATUS_BYTES = 1024 * 1024;

/** The server has forgotten the place (410). */
export class WatchExpired extends Error {}
/** The cluster has no such resource. */
export class NotServed extends Error {}
export class Forbidden extends Error {}

/** An object as lists and watches have it. */
export type Listed = Pick<KubeObject, 'metadata' | 'spec' | 'status'>;

/** Where a cluster serves one resource, in the most wanted version that it has. */
export class ResourceEndpoint {
  static create(options: {
    cluster: string;
    resource: WatchedResource;
    access: MeshClusterAccess;
  }) {
    return new ResourceEndpoint(options);
  }

  private groupVersion: string | undefined;

  private constructor(
    private readonly options: Parameters<typeof ResourceEndpoint.create>[0],
  ) {}

  /** @throws NotServed, Forbidden, WatchExpired, or an Error that says what came instead. */
  async request(
    query: Record<string, string | undefined>,
    signal: AbortSignal,
  ): Promise<Response> {
    const { access, cluster, resource } = this.options;
    const candidates = this.groupVersion
      ? [this.groupVersion]
      : resource.groupVersions;
    for (const groupVersion of candidates) {
      const response = await access.request(cluster, {
        path: collectionPath(groupVersion, resource.plural),
        query: { ...query, fieldSelector: fieldSelectorOf(resource) },
        signal,
      });
      if (response.ok) {
        this.groupVersion = groupVersion;
        return response;
      }
      const text = await readText(response, MOST_STATUS_BYTES);
      const status = parseJson<RefusalStatus>(text);
      // The proxy answers 404 for a cluster it does not know, too; only the API server's own words count: a Status, or
      // plain text for a version that no group of it has.
      if (
        response.status === 404 &&
        (status?.kind === 'Status' || text.startsWith('404 page not found'))
      ) {
        continue;
      }
      throw failureOf(response.status, status);
    }
    this.groupVersion = undefined;
    throw new NotServed();
  }

  /** Items of a list carry neither kind nor version. */
  toObject(item: Listed): KubeObject {
    return trimObject({
      ...item,
      apiVersion: this.groupVersion ?? this.options.resource.groupVersions[0],
      kind: this.options.resource.kind,
    });
  }
}

/** As it is claimed to be, of which nothing is sure; undefined for what is no JSON. */
export function parseJson<Claimed extends object>(
  text: string,
): Partial<Claimed> | null | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf(
  code: number,
  status: RefusalStatus | null | undefined,
): Error {
  const message =
    status?.message ?? status?.error?.message ?? `it answered ${code}`;
  if (code === 410) {
    return new WatchExpired();
  }
  // A 401 is another matter: the portal's credentials are wrong or have run out, and may come right by themselves.
  return code === 403 ? new Forbidden(message) : new Error(message);
}
