import { readFileSync } from 'fs';
import { createInterface } from 'readline';
import { Readable } from 'stream';
import { Agent, request } from 'undici';

const FIELD_MANAGER = 'real-mesh';

/** An object of any kind. */
export interface AnyObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: any;
  status?: any;
  data?: Record<string, string>;
  [field: string]: unknown;
}

/** What names an object. */
export type ObjectRef = Pick<AnyObject, 'apiVersion' | 'kind'> & {
  metadata: { name: string; namespace?: string };
};

/** Where the API server is, and who asks. */
export interface ApiServer {
  url: string;
  /** A file with the certificate of who vouches for it. */
  caFile: string;
  token: string;
}

/** The API server said no; the message is its own. */
export class Refused extends Error {
  readonly name = 'Refused';

  constructor(readonly status: number, message: string) {
    super(message);
  }
}

class UnknownKind extends Error {}

/** What an API server is asked. */
export class KubeApi {
  static create(server: ApiServer) {
    return new KubeApi(server);
  }

  private readonly agent: Agent;
  /** Kinds of an API version, with the name of their resource in paths. */
  private readonly kinds = new Map<string, Map<string, string>>();

  private constructor(private readonly server: ApiServer) {
    this.agent = new Agent({
      connect: { ca: readFileSync(server.caFile) },
      bodyTimeout: 0,
    });
  }

  /** Server-side apply: what is there already is taken over. */
  async apply(object: AnyObject): Promise<AnyObject> {
    return this.send(
      'PATCH',
      `${await this.pathOf(object)}?fieldManager=${FIELD_MANAGER}&force=true`,
      object,
      'application/apply-patch+yaml',
    );
  }

  async applyAll(objects: readonly AnyObject[]): Promise<void> {
    await Promise.all(objects.map(object => this.apply(object)));
  }

  async create(
    object: AnyObject,
    options: { dryRun?: boolean } = {},
  ): Promise<AnyObject> {
    const query = options.dryRun ? '?dryRun=All' : '';
    return this.send(
      'POST',
      `${await this.collectionOf(object)}${query}`,
      object,
    );
  }

  async replace(object: AnyObject): Promise<AnyObject> {
    return this.send('PUT', await this.pathOf(object), object);
  }

  async get(ref: ObjectRef): Promise<AnyObject> {
    return this.send('GET', await this.pathOf(ref));
  }

  async list(
    apiVersion: string,
    kind: string,
    namespace?: string,
  ): Promise<AnyObject[]> {
    const { items } = await this.send(
      'GET',
      await this.collectionOf({ apiVersion, kind, metadata: { namespace } }),
    );
    // Items of a list lack them.
    return items.map((item: AnyObject) => ({ ...item, apiVersion, kind }));
  }

  /** Whether it has such objects at all. */
  async serves(apiVersion: string, kind: string): Promise<boolean> {
    try {
      await this.collectionOf({ apiVersion, kind, metadata: {} });
      return true;
    } catch (error) {
      const isUnknown =
        error instanceof UnknownKind ||
        (error instanceof Refused && error.status === 404);
      if (isUnknown) {
        return false;
      }
      throw error;
    }
  }

  /** Does nothing where it is gone already. */
  async remove(ref: ObjectRef, graceSeconds?: number): Promise<void> {
    const query =
      graceSeconds === undefined ? '' : `?gracePeriodSeconds=${graceSeconds}`;
    try {
      await this.send('DELETE', `${await this.pathOf(ref)}${query}`);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) {
        throw error;
      }
    }
  }

  async patchStatus(ref: ObjectRef, status: object): Promise<void> {
    await this.send(
      'PATCH',
      `${await this.pathOf(ref)}/status`,
      { status },
      'application/merge-patch+json',
    );
  }

  /** @throws Refused */
  async send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<any> {
    const response = await request(`${this.server.url}${path}`, {
      method,
      dispatcher: this.agent,
      headers: {
        authorization: `Bearer ${this.server.token}`,
        'content-type': contentType,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) {
      throw new Refused(response.statusCode, messageOf(text));
    }
    return `${response.headers['content-type']}`.includes('json')
      ? JSON.parse(text)
      : text;
  }

  /**
   * Calls back with each object of a collection as it is now and with each change of it, until stopped. After a break
   * everything is told again, and what went away in between is told as deleted.
   */
  follow(
    path: string,
    onChange: (type: 'put' | 'deleted', object: AnyObject) => void,
  ): () => void {
    const stopper = new AbortController();
    const known = new Map<string, AnyObject>();
    const take = (type: 'put' | 'deleted', object: AnyObject) => {
      const { uid = '' } = object.metadata;
      if (type === 'put') {
        known.set(uid, object);
      } else {
        known.delete(uid);
      }
      onChange(type, object);
    };
    const round = async () => {
      const list = await this.send('GET', path);
      const there = new Set(
        list.items.map((item: AnyObject) => item.metadata.uid),
      );
      list.items.forEach((item: AnyObject) => take('put', item));
      [...known.values()]
        .filter(({ metadata }) => !there.has(metadata.uid))
        .forEach(object => take('deleted', object));
      await this.watch(
        path,
        list.metadata.resourceVersion,
        stopper.signal,
        take,
      );
    };
    void (async () => {
      while (!stopper.signal.aborted) {
        await round().catch(() => undefined);
        await new Promise(resolve => setTimeout(resolve, 200));
      }
    })();
    return () => stopper.abort();
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async watch(
    path: string,
    resourceVersion: string,
    signal: AbortSignal,
    take: (type: 'put' | 'deleted', object: AnyObject) => void,
  ): Promise<void> {
    const { body } = await request(
      `${this.server.url}${path}?watch=true&resourceVersion=${resourceVersion}`,
      {
        dispatcher: this.agent,
        headers: { authorization: `Bearer ${this.server.token}` },
        signal,
      },
    );
    for await (const line of createInterface({ input: Readable.from(body) })) {
      const { type, object } = JSON.parse(line);
      if (type === 'ERROR') {
        return;
      }
      if (type !== 'BOOKMARK') {
        take(type === 'DELETED' ? 'deleted' : 'put', object);
      }
    }
  }

  private async pathOf(ref: ObjectRef): Promise<string> {
    return `${await this.collectionOf(ref)}/${ref.metadata.name}`;
  }

  private async collectionOf({
    apiVersion,
    kind,
    metadata,
  }: {
    apiVersion: string;
    kind: string;
    metadata: { namespace?: string };
  }): Promise<string> {
    const base = apiVersion.includes('/')
      ? `/apis/${apiVersion}`
      : `/api/${apiVersion}`;
    let resource = this.kinds.get(apiVersion)?.get(kind);
    if (!resource) {
      const { resources } = await this.send('GET', base);
      this.kinds.set(
        apiVersion,
        new Map(
          resources
            .filter(({ name }: { name: string }) => !name.includes('/'))
            .map((entry: { kind: string; name: string }) => [
              entry.kind,
              entry.name,
            ]),
        ),
      );
      resource = this.kinds.get(apiVersion)?.get(kind);
    }
    if (!resource) {
      throw new UnknownKind(`The API server knows no ${kind} of ${apiVersion}`);
    }
    const place = metadata.namespace ? `/namespaces/${metadata.namespace}` : '';
    return `${base}${place}/${resource}`;
  }
}

function messageOf(text: string): string {
  try {
    return JSON.parse(text).message ?? text;
  } catch {
    return text;
  }
}
