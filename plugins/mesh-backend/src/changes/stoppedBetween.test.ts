import { isDeepStrictEqual } from 'node:util';
import knexFactory from 'knex';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { TEST_CLUSTERS, TestCluster } from '../__testUtils__/testClusters';
import {
  TEST_DATABASES,
  type TestDatabases,
} from '../__testUtils__/testDatabases';
import { Replica } from './__testUtils__/Replica';
import { ReplicaProcess } from './__testUtils__/ReplicaProcess';
import type { ReplicaOrders } from './__testUtils__/replicaProgram';
import { refsOf, serviceWithThree } from './__testUtils__/threeObjects';
import { written } from './__testUtils__/weightedService';

jest.setTimeout(900_000);

/** All of them take minutes; see docs/testing.md. */
const isFull = process.env.MESHDECK_STOPPED_REPLICAS === 'all';
/** Before and after each statement and request of a change of three objects; at least so many are there. */
const BOUNDARIES = 22;
const ALL = Array.from({ length: BOUNDARIES }, (_each, index) => index + 1);
/** Of them: the first write, the second one, and before the last is confirmed. */
const SOME = [8, 12, 19];
const SOON_MS = 60_000;

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

describe.each(STAGES)(
  'a portal that is stopped within a change of three objects, on %s with %s',
  (_cluster, _database, start, open) => {
    let cluster: TestCluster;
    let databases: TestDatabases;

    beforeAll(async () => {
      cluster = await TestCluster.open(start);
      databases = await open();
    });

    afterAll(async () => {
      await databases?.stop();
      await cluster?.stop();
    });

    const objectsIn = (namespace: string) =>
      Promise.all(
        refsOf(namespace).map(ref =>
          cluster.get(ref).then(written, () => undefined),
        ),
      );

    async function attempt({
      stopAt,
      signal,
    }: Pick<ReplicaOrders, 'stopAt' | 'signal'>) {
      const namespace = `between-${
        cluster.id
      }-${signal.toLowerCase()}-${stopAt}`;
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      });
      for (const object of serviceWithThree(namespace)) {
        await cluster.apply(object);
      }
      const before = await objectsIn(namespace);
      const database = await databases.open(namespace.replaceAll('-', '_'));
      const stopped = ReplicaProcess.start({
        ...{ database, namespace, stopAt, signal },
        server: cluster.server,
      });
      await stopped.untilStopped();
      const knex = knexFactory(database);
      const other = Replica.create({
        knex,
        access: DirectAccess.create({ c: cluster.server }),
        owner: 'other',
        isMigrated: true,
      });
      try {
        if (signal === 'SIGSTOP' && !stopped.isOver) {
          // Frozen within a transaction, it keeps SQLite's only writer from anybody else.
          await other.settle().catch(() => undefined);
          await stopped.goOn();
        }
        // A process that was killed may hold the database for a moment.
        await eventually(() => other.settle(), SOON_MS);
        const place = { cluster: 'c', namespace, service: 'auth' };
        const states = (await other.memory.of(place, 10)).map(
          ({ state }) => state,
        );
        const now = await objectsIn(namespace);
        return {
          isAsBefore: isDeepStrictEqual(now, before),
          isWhole: now.every(object => hasTimeout(object, '2s')),
          states,
          said: stopped.said,
        };
      } finally {
        stopped.end();
        await knex.destroy();
      }
    }

    it('makes all of it where nothing stops it', async () => {
      const { said, ...outcome } = await attempt({
        stopAt: 0,
        signal: 'SIGKILL',
      });
      const [, boundaries] = /ended after (\d+)/.exec(said) ?? [];
      expect(Number(boundaries)).toBeGreaterThanOrEqual(BOUNDARIES);
      expect(outcome).toEqual({
        isAsBefore: false,
        isWhole: true,
        states: ['written'],
      });
    });

    it.each(['SIGKILL', 'SIGSTOP'] as const)(
      'leaves all of it or nothing by %s, and the memory says which',
      async signal => {
        for (const stopAt of isFull ? ALL : SOME) {
          const { said, isAsBefore, isWhole, states } = await attempt({
            stopAt,
            signal,
          });
          expect(said).toContain(`stopping at ${stopAt}`);
          expect({ stopAt, said, isEither: isAsBefore !== isWhole }).toEqual({
            stopAt,
            said,
            isEither: true,
          });
          expect({ stopAt, said, states }).toEqual({
            stopAt,
            said,
            states: isWhole ? ['written'] : [],
          });
        }
      },
    );
  },
);

/** In one of its rules. */
function hasTimeout(object: any, timeout: string): boolean {
  return (object?.spec.http ?? []).some(
    (rule: any) => rule.timeout === timeout,
  );
}
