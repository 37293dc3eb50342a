import { KubernetesServer, ObjectStore } from '@meshdeck/demo-mesh';
import type { KubeObject, KubeObjectRef } from '@meshdeck/istio-config';
import { randomBytes } from 'crypto';
import { readFileSync } from 'fs';
import { objectPath, WATCHED_RESOURCES } from '../cluster/watchedResources';
import { DirectAccess } from './DirectAccess';

interface Server {
  url: string;
  token?: string;
  ca?: string;
}

/** An API server that a test may write to, as somebody beside the portal. */
export class TestCluster {
  static async open(
    start: () => Promise<Server & { stop?: () => Promise<void> }>,
  ): Promise<TestCluster> {
    const { stop = async () => {}, ...server } = await start();
    return new TestCluster(server, stop);
  }

  /** Tells the objects of this test from those of others on the same server. */
  readonly id = randomBytes(4).toString('hex');
  private readonly access: DirectAccess;

  private constructor(
    readonly server: Server,
    readonly stop: () => Promise<void>,
  ) {
    this.access = DirectAccess.create({ c: server });
  }

  get(ref: Pick<KubeObject, 'apiVersion' | 'kind'> & KubeObjectRef) {
    return this.send('GET', pathOf(ref));
  }

  /** Creates it, or changes it to that, as server-side apply does; its status, too, where it has one. */
  async apply(object: KubeObject, manager = 'somebody'): Promise<KubeObject> {
    const { status, ...body } = object;
    const path = pathOf({ ...object, ...object.metadata });
    const query = { fieldManager: manager, force: 'true' };
    const type = 'application/apply-patch+yaml';
    const applied = await this.send('PATCH', path, { query, type, body });
    return status
      ? this.send('PATCH', `${path}/status`, {
          query: { fieldManager: manager },
          type: 'application/merge-patch+json',
          body: { status },
        })
      : applied;
  }

  makeNamespace(
    name: string,
    metadata: Pick<KubeObject['metadata'], 'annotations' | 'labels'> = {},
  ): Promise<KubeObject> {
    return this.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, ...metadata },
    });
  }

  async patch(
    ref: KubeObjectRef,
    patch: object,
    manager = 'somebody',
  ): Promise<KubeObject> {
    return this.send('PATCH', pathOf(ref), {
      query: { fieldManager: manager },
      type: Array.isArray(patch)
        ? 'application/json-patch+json'
        : 'application/merge-patch+json',
      body: patch,
    });
  }

  remove(ref: KubeObjectRef): Promise<KubeObject> {
    return this.send('DELETE', pathOf(ref));
  }

  async send(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    options: {
      query?: Record<string, string>;
      type?: string;
      body?: object;
    } = {},
  ): Promise<KubeObject> {
    const { query, type = 'application/json', body } = options;
    const response = await this.access.request('c', {
      method,
      path,
      query,
      headers: { 'Content-Type': type },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    }
    return answer;
  }
}

/** The stand-in, and a real API server where there is one. */
export const TEST_CLUSTERS: [
  name: string,
  start: Parameters<typeof TestCluster.open>[0],
][] = [
  [
    'the demo mesh',
    async () => {
      const clock = () => new Date();
      const server = KubernetesServer.create({
        store: ObjectStore.create({ clock }),
        clock,
        tokens: [{ token: 'somebody', user: 'somebody', rules: 'all' }],
      });
      return {
        url: await server.listen({ port: 0 }),
        token: 'somebody',
        stop: () => server.close(),
      };
    },
  ],
  ...realServer(),
];

function realServer(): typeof TEST_CLUSTERS {
  const url = process.env.MESH_TEST_KUBE_URL;
  return url
    ? [
        [
          'a real API server',
          async () => ({
            url,
            token: process.env.MESH_TEST_KUBE_ADMIN_TOKEN,
            ca: readFileSync(process.env.MESH_TEST_KUBE_CA ?? '', 'utf8'),
          }),
        ],
      ]
    : [];
}

function pathOf(ref: KubeObjectRef): string {
  const { plural = '' } =
    WATCHED_RESOURCES.find(({ kind }) => kind === ref.kind) ?? {};
  return objectPath(ref, plural);
}
