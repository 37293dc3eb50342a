import { setTimeout as pause } from 'node:timers/promises';
import knexFactory from 'knex';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { FaultyProxy } from '../__testUtils__/FaultyProxy';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import {
  TEST_DATABASES,
  type TestDatabases,
} from '../__testUtils__/testDatabases';
import { VERSIONS } from './__testUtils__/intentCases';
import { LEASE_MS, Replica } from './__testUtils__/Replica';
import { ReplicaProcess } from './__testUtils__/ReplicaProcess';
import type { ReplicaOrders } from './__testUtils__/replicaProgram';
import {
  isGood,
  type TrialOutcome,
  trialOutcome,
} from './__testUtils__/trialOutcome';
import { weightedService } from './__testUtils__/weightedService';

jest.setTimeout(900_000);

/** All of them take minutes; see docs/testing.md. */
const isFull = process.env.MESHDECK_STOPPED_REPLICAS === 'all';
const KILLS = isFull ? 40 : 6;
const STOPS = isFull ? 10 : 2;
const AT_ONCE = 3;
/** Those that are always there; what a slow machine renews or tries again comes to it. */
const BOUNDARIES = 40;
const LASTS_MS = 1_000;
/** From the moment when another replica is there: the lease has to run out, and a machine may be busy. */
const SOON_MS = 20_000;

const STAGES = TEST_CLUSTERS.flatMap(([cluster, start]) =>
  TEST_DATABASES.map(
    ([database, open]): [string, string, typeof start, typeof open] => [
      cluster,
      database,
      start,
      open,
    ],
  ),
);

type Trial = Pick<ReplicaOrders, 'stopAt' | 'signal'> & {
  /** For so long the cluster does not answer the other replica. */
  awayMs?: number;
};

describe.each(STAGES)(
  'a replica that is stopped anywhere, on %s with %s',
  (_cluster, _database, start, open) => {
    let cluster: TestCluster;
    let databases: TestDatabases;
    let trials = 0;

    const ref = (namespace: string) => ({
      apiVersion: VERSIONS.VirtualService,
      kind: 'VirtualService',
      namespace,
      name: 'auth',
    });
    const service = async (namespace: string) => {
      await cluster.makeNamespace(namespace);
      for (const object of weightedService(namespace, 'auth')) {
        await cluster.apply(object);
      }
      return cluster.get(ref(namespace));
    };

    /** Another replica, on the same rows and the same cluster. */
    const openOther = async (
      database: Parameters<typeof knexFactory>[0],
      awayMs: number,
    ) => {
      const knex = knexFactory(database);
      const proxy = await FaultyProxy.open(cluster.server);
      const { token } = cluster.server;
      const replica = Replica.create({
        knex,
        access: DirectAccess.create({ c: { url: proxy.url, token } }),
        owner: 'other',
        isMigrated: true,
      });
      if (awayMs > 0) {
        proxy.kill();
        setTimeout(() => proxy.mend(), awayMs);
      }
      let running: Promise<void> | undefined;
      const run = () => {
        running = replica.run();
      };
      const stop = async () => {
        replica.stop();
        await running;
        proxy.close();
        await knex.destroy();
      };
      return { memory: replica.memory, run, stop };
    };

    /** A service, broken for a second by a replica that is stopped at a boundary; then another one takes over. */
    const attempt = async ({
      stopAt,
      signal,
      awayMs = 0,
    }: Trial): Promise<TrialOutcome & { said: string }> => {
      const namespace = `stop-${cluster.id}-${++trials}`;
      const before = await service(namespace);
      const database = await databases.open(namespace.replaceAll('-', '_'));
      const stopped = ReplicaProcess.start({
        ...{ database, namespace, stopAt, signal },
        server: cluster.server,
        lastsMs: LASTS_MS,
      });
      await stopped.untilStopped();
      const other = await openOther(database, awayMs);
      if (stopAt > 0) {
        other.run();
      }
      try {
        if (signal === 'SIGSTOP' && !stopped.isOver) {
          await pause(LASTS_MS + 2 * LEASE_MS);
          await stopped.goOn();
        }
        return await eventually(async () => {
          const now = await cluster.get(ref(namespace));
          const outcome = await trialOutcome(other.memory, before, now);
          const { said } = stopped;
          if (!isGood(outcome)) {
            throw new Error(JSON.stringify({ ...outcome, stopAt, said }));
          }
          return { ...outcome, said };
        }, SOON_MS + awayMs);
      } finally {
        stopped.end();
        await other.stop();
      }
    };

    /** At so many of the boundaries; some at once. */
    const attemptAll = async (
      count: number,
      signal: ReplicaOrders['signal'],
    ) => {
      const outcomes: Awaited<ReturnType<typeof attempt>>[] = [];
      const left = Array.from({ length: count }, (_each, index) =>
        Math.round(1 + (index * (BOUNDARIES - 1)) / (count - 1)),
      );
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let at = left.shift(); at; at = left.shift()) {
            outcomes.push(await attempt({ stopAt: at, signal }));
          }
        }),
      );
      return {
        stopped: outcomes.filter(({ said }) => /stopping at/.test(said)).length,
        ended: outcomes.filter(({ writes }) => writes === 2).length,
      };
    };

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      databases = await open();
    });

    afterAll(async () => {
      await databases?.stop();
      await cluster?.stop();
    });

    it('has at least so many boundaries', async () => {
      const { said } = await attempt({ stopAt: 0, signal: 'SIGKILL' });
      const [, boundaries] = /ended after (\d+)/.exec(said) ?? [];
      expect(Number(boundaries)).toBeGreaterThanOrEqual(BOUNDARIES);
    });

    it('and killed leaves nothing that another does not end, once', async () => {
      const { stopped, ended } = await attemptAll(KILLS, 'SIGKILL');
      expect(stopped).toBe(KILLS);
      expect(ended).toBeGreaterThan(KILLS / 2);
    });

    it('and frozen past its lease does nothing a second time when it wakes up', async () => {
      const { stopped, ended } = await attemptAll(STOPS, 'SIGSTOP');
      expect(stopped).toBe(STOPS);
      expect(ended).toBeGreaterThan(STOPS / 2);
    });

    it('and killed while the cluster is away is followed by one that ends it when it is back', async () => {
      const { writes } = await attempt({
        stopAt: BOUNDARIES / 2,
        signal: 'SIGKILL',
        awayMs: 4_000,
      });
      expect(writes).toBe(2);
    });
  },
);
