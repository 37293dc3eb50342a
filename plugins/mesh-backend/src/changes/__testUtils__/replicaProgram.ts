import { writeSync } from 'node:fs';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import knexFactory, { type Knex } from 'knex';
import { DirectAccess } from '../../__testUtils__/DirectAccess';
import { LONG_AGO_MS, Replica } from './Replica';

/** What a replica in a process of its own is told, and where it is to be stopped. */
export interface ReplicaOrders {
  database: Knex.Config;
  server: { url: string; token?: string; ca?: string };
  namespace: string;
  /** It breaks the service for so long, and ends that; without, it changes three objects and is gone. */
  lastsMs?: number;
  /** At which boundary of its steps, counted from 1, it sends itself a signal; 0 for never. */
  stopAt: number;
  signal: 'SIGKILL' | 'SIGSTOP';
}

const orders: ReplicaOrders = JSON.parse(process.env.REPLICA_ORDERS ?? '{}');
let reached = 0;
let isReady = false;
let isCounting = false;

/** Before and after each statement and each request, from the first transaction on: before it, nothing was done. */
function boundary(name: string): void {
  isCounting ||= isReady && name === 'before BEGIN;';
  if (!isCounting) return;
  reached += 1;
  if (reached === orders.stopAt) {
    writeSync(1, `stopping at ${reached}: ${name}\n`);
    process.kill(process.pid, orders.signal);
  }
}

/** Looking whether something is due is no step. */
const isIdle = (sql: string) => /^select .*mesh_leases/.test(sql);

function counted(access: MeshClusterAccess): MeshClusterAccess {
  return {
    clusters: () => access.clusters(),
    async request(cluster, request) {
      const name = `${request.method ?? 'GET'} ${request.path}`;
      if (request.query?.watch) return access.request(cluster, request);
      boundary(`before ${name}`);
      const response = await access.request(cluster, request);
      boundary(`after ${name}`);
      return response;
    },
  };
}

async function main(): Promise<void> {
  const knex = knexFactory(orders.database);
  knex.on('query', ({ sql }) => isIdle(sql) || boundary(`before ${sql}`));
  knex.on(
    'query-response',
    (_answer, { sql }) => isIdle(sql) || boundary(`after ${sql}`),
  );
  const replica = Replica.create({
    knex,
    access: counted(DirectAccess.create({ c: orders.server })),
    owner: 'process',
    // What is noted just now nobody else looks at yet.
    now: orders.lastsMs ? undefined : () => Date.now() - LONG_AGO_MS,
  });
  const onReady = () => {
    isReady = true;
  };
  if (orders.lastsMs) {
    const { namespace, lastsMs } = orders;
    const change = await replica.breakIt(namespace, lastsMs, onReady);
    writeSync(1, `applied ${change}\n`);
    await replica.run(change);
  } else {
    await replica.changeThree(orders.namespace, onReady);
  }
  writeSync(1, `ended after ${reached} boundaries\n`);
  process.exit(0);
}

main().catch(error => {
  writeSync(2, `${error.stack}\n`);
  process.exit(1);
});
