import { mockServices } from '@backstage/backend-test-utils';
import { execFile } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { ClusterStore } from './ClusterStore';
import { collectionPath, WATCHED_RESOURCES } from './watchedResources';

/** A program that brings up an API server of one's own; see docs/testing.md. */
const tool = process.env.MESHDECK_REAL_CLUSTER;
const isHere = tool !== undefined && existsSync(tool);

const OBJECTS = 5000;
const PARALLEL = 16;
const RULES = '/apis/networking.istio.io/v1/namespaces/big/virtualservices';
/** What the portal's account may read: half of what the store wants. */
const READABLE = WATCHED_RESOURCES.filter((_resource, at) => at % 2 === 1);
const FORBIDDEN = WATCHED_RESOURCES.filter(
  resource => !READABLE.includes(resource),
);

(isHere ? describe : describe.skip)(
  'ClusterStore on a real API server of its own',
  () => {
    let directory: string;
    let admin: DirectAccess;
    let portal: DirectAccess;
    let store: ClusterStore;

    /** Without holding this process up: the store goes on trying meanwhile, as it would. */
    const run = async (command: 'up' | 'down') => {
      const { stdout } = await promisify(execFile)('bash', [tool!, command], {
        env: {
          ...process.env,
          MESH_REAL_PORT: '17443',
          MESH_REAL_DIR: directory,
        },
      });
      return Object.fromEntries(
        [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [
          name,
          value,
        ]),
      );
    };

    const send = async (method: any, path: string, body?: object) => {
      const response = await admin.request('c', {
        method,
        path,
        headers: {
          'Content-Type':
            method === 'PATCH'
              ? 'application/merge-patch+json'
              : 'application/json',
        },
        body: body && JSON.stringify(body),
      });
      const answer = await response.json();
      if (!response.ok) {
        throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      }
      return answer;
    };

    const forEachOf = async (
      numbers: number[],
      work: (number: number) => Promise<unknown>,
    ) => {
      const left = [...numbers];
      await Promise.all(
        Array.from({ length: PARALLEL }, async () => {
          for (let next = left.pop(); next !== undefined; next = left.pop()) {
            await work(next);
          }
        }),
      );
    };

    const rule = (number: number, host = 'a') => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: `rule-${number}`, namespace: 'big' },
      spec: {
        hosts: [`service-${number}`],
        http: [{ route: [{ destination: { host } }] }],
      },
    });

    const lineOf = (kind: string, { metadata }: any) =>
      `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${
        metadata.resourceVersion
      }`;

    /** Names and versions of all that there is, as the server lists it and as the store holds it. */
    const listed = async () => {
      const found: string[] = [];
      for (const { groupVersions, plural, filedAs } of READABLE) {
        for (const groupVersion of groupVersions) {
          const response = await admin.request('c', {
            path: collectionPath(groupVersion, plural),
            query: plural === 'configmaps' ? { limit: '0' } : {},
          });
          if (response.ok) {
            const { items } = await response.json();
            found.push(...items.map((item: any) => lineOf(filedAs, item)));
            break;
          }
          await response.text();
        }
      }
      return found.sort();
    };
    const held = () => {
      const { set } = store.snapshot();
      return READABLE.flatMap(({ filedAs }) =>
        set.all(filedAs).map(object => lineOf(filedAs, object)),
      ).sort();
    };

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'meshdeck-api-'));
      const env = await run('up');
      const server = {
        url: env.MESH_TEST_KUBE_URL,
        ca: readFileSync(env.MESH_TEST_KUBE_CA, 'utf8'),
      };
      admin = DirectAccess.create({
        c: { ...server, token: env.MESH_TEST_KUBE_ADMIN_TOKEN },
      });
      portal = DirectAccess.create({
        c: { ...server, token: env.MESH_TEST_KUBE_PORTAL_TOKEN },
      });
      const rbac = '/apis/rbac.authorization.k8s.io/v1';
      await send('POST', `${rbac}/clusterroles`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'half' },
        rules: READABLE.map(({ groupVersions: [first], plural }) => ({
          apiGroups: [first.includes('/') ? first.split('/')[0] : ''],
          resources: [plural],
          verbs: ['list', 'watch'],
        })),
      });
      await send('POST', `${rbac}/clusterrolebindings`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'half' },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: 'half',
        },
        subjects: [{ kind: 'User', name: 'portal' }],
      });
      await send('POST', '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'big' },
      });
      await forEachOf(numbersTo(OBJECTS), number =>
        send('POST', RULES, rule(number)),
      );
      store = ClusterStore.create({
        cluster: 'c',
        access: portal,
        logger: mockServices.logger.mock(),
      });
      store.start();
      await eventually(() => {
        if (!store.snapshot().ready) {
          throw new Error('The store is not ready');
        }
      }, 60_000);
    }, 300_000);

    afterAll(async () => {
      store?.stop();
      await run('down');
      rmSync(directory, { recursive: true, force: true });
    });

    it('holds 5,000 objects, and goes on without the half that it may not read', async () => {
      const { set, source } = store.snapshot();
      expect(set.all('VirtualService')).toHaveLength(OBJECTS);
      await eventually(() => {
        const { message } = store.snapshot().source;
        for (const { plural, kind } of FORBIDDEN) {
          expect([plural, message]).toEqual([
            plural,
            expect.stringContaining(kind),
          ]);
        }
      });
      expect(source.status).toBe('ok');
    });

    it('ends equal to a fresh list after the server was restarted in the middle of changes', async () => {
      const change = async (from: number) => {
        await forEachOf(
          numbersTo(150).map(number => from + number),
          async number => {
            const path = `${RULES}/rule-${number}`;
            if (number % 3 === 0) {
              await send('DELETE', path);
            } else {
              await send('PATCH', path, { spec: rule(number, 'b').spec });
            }
          },
        );
      };
      await change(0);
      const { message: limits } = store.snapshot().source;
      const pid = readFileSync(join(directory, 'apiserver.pid'), 'utf8');
      process.kill(Number(pid), 'SIGKILL');
      await eventually(() =>
        expect(store.snapshot().source.status).toBe('stale'),
      );
      expect(store.snapshot().set.all('VirtualService').length).toBeGreaterThan(
        OBJECTS - 200,
      );
      await run('up');
      await change(1000);
      await forEachOf(numbersTo(50), number =>
        send('POST', RULES, rule(10_000 + number)),
      );
      await eventually(async () => {
        // Neither is a kind given up that a server just starting refused.
        expect(store.snapshot().source).toMatchObject({
          status: 'ok',
          message: limits,
        });
        expect(held()).toEqual(await listed());
      }, 60_000);
    }, 240_000);
  },
);

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}
