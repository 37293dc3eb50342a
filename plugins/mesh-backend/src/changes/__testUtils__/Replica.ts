import type {
  AuditorService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { effectiveRoutes, type MeshObjects } from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { ClusterStores } from '../../cluster/ClusterStores';
import { MeshDatabase } from '../../database/MeshDatabase';
import { LeaseRunner } from '../../durable/LeaseRunner';
import { LeaseStore } from '../../durable/LeaseStore';
import { nameRule } from '../../facts/ruleNames';
import { ChangeMemory } from '../../memory/ChangeMemory';
import { END } from '../../memory/ChangeTerm';
import { ChangeEnds } from '../ChangeEnds';
import { ChangePipeline } from '../ChangePipeline';
import { ChangeSettler } from '../ChangeSettler';
import { intentChange } from '../intentChange';
import { NO_REQUESTS } from './noRequests';
import { changeOfThree } from './threeObjects';

/** Enough on a machine that has a lot to do. */
const DEADLINE_MS = 15_000;
/** Longer than a change of three objects can be on its way, and be taken back. */
export const LONG_AGO_MS = 7 * 3 * DEADLINE_MS;
export const LEASE_MS = 1_000;
const LOOK_EVERY_MS = 50;

const silent = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silent,
} as LoggerService;

const unheard: AuditorService = {
  createEvent: async () => ({ success: async () => {}, fail: async () => {} }),
};

const ADA = {
  entityRef: 'component:default/auth',
  credentials: {
    principal: { userEntityRef: 'user:default/ada' },
  } as unknown as BackstageCredentials,
};

function placeOf(namespace: string): Placement {
  return { cluster: 'c', namespace, service: 'auth' } as Placement;
}

/** A portal's writing half, on a database and a cluster that it shares with others. */
export class Replica {
  static create(options: {
    knex: Knex;
    access: MeshClusterAccess;
    owner: string;
    /** Somebody else made the tables. */
    isMigrated?: boolean;
    /** When it notes changes; by default now. */
    now?: () => number;
  }) {
    return new Replica(options);
  }

  readonly memory: ChangeMemory;
  readonly leases: LeaseStore;
  private readonly runner: LeaseRunner;
  private readonly database: MeshDatabase;
  private isStopped = false;

  private constructor(
    private readonly options: Parameters<typeof Replica.create>[0],
  ) {
    const { knex, access, owner, isMigrated = false, now } = options;
    this.database = MeshDatabase.create({
      database: {
        getClient: async () => knex,
        migrations: { skip: isMigrated },
      },
      logger: silent,
      stalledMs: LEASE_MS,
    });
    this.leases = LeaseStore.create({ database: this.database });
    this.memory = ChangeMemory.create({
      database: this.database,
      leases: this.leases,
      logger: silent,
      now,
    });
    const ends = ChangeEnds.create({
      memory: this.memory,
      access,
      auditor: unheard,
      logger: silent,
      deadlineMs: DEADLINE_MS,
    });
    this.runner = LeaseRunner.create({
      leases: this.leases,
      works: { [END]: ends },
      logger: silent,
      leaseMs: LEASE_MS,
      owner,
    });
  }

  /** Breaks the service `auth` for a time, as a person does; `onReady` comes before anything of it is noted or asked. */
  async breakIt(
    namespace: string,
    lastsMs: number,
    onReady: () => void,
  ): Promise<string> {
    return this.withPipeline(async (pipeline, set) => {
      await this.database.client();
      const [{ source }] = effectiveRoutes(set, {
        namespace,
        service: 'auth',
        from: { type: 'mesh', namespace },
      }).rules;
      const { resourceVersion = '' } =
        set.get('VirtualService', namespace, 'auth')?.metadata ?? {};
      onReady();
      const what = {
        intent: 'fault' as const,
        rule: source && nameRule(set, source),
        abort: { percent: 10, httpStatus: 503 },
        lastsMs,
      };
      const term = await this.memory.term(lastsMs);
      await pipeline.apply(placeOf(namespace), ADA, intentChange(what, term), {
        lock: { resourceVersion, takeOver: true },
        intent: { intent: 'fault' },
      });
      return term.id;
    });
  }

  /** Changes three objects of the service `auth`; `onReady` comes before anything of it is noted or asked. */
  async changeThree(namespace: string, onReady: () => void): Promise<void> {
    await this.withPipeline(async pipeline => {
      await this.database.client();
      const placement = placeOf(namespace);
      const change = changeOfThree(namespace);
      const { entityRef } = ADA;
      const { resourceVersion, first } = await pipeline.preview(
        { placement, entityRef },
        change,
      );
      onReady();
      await pipeline.apply(placement, ADA, change, {
        lock: { resourceVersion, first, takeOver: true },
        intent: { intent: 'several' },
      });
    });
  }

  /** Finds out what became of changes whose end nobody noted. */
  settle(): Promise<void> {
    return ChangeSettler.create({
      memory: this.memory,
      access: this.options.access,
      scheduler: undefined as never,
      auditor: unheard,
      logger: silent,
      deadlineMs: DEADLINE_MS,
    }).settle();
  }

  /** Does what is due until it is stopped, or until the end of a change is made. */
  async run(until?: string): Promise<void> {
    while (!this.isStopped && !(until && (await this.isOver(until)))) {
      // A database that is away is there again later.
      await this.runner.wake().catch(() => {});
      await pause(LOOK_EVERY_MS);
    }
    await this.runner.idle();
  }

  stop(): void {
    this.isStopped = true;
  }

  private async withPipeline<T>(
    work: (pipeline: ChangePipeline, set: MeshObjects) => Promise<T>,
  ): Promise<T> {
    const { access } = this.options;
    const deadlineMs = DEADLINE_MS;
    const clusters = ClusterStores.create({
      access,
      logger: silent,
      deadlineMs,
    });
    clusters.start();
    try {
      const { set } = await clusters.snapshot('c');
      const pipeline = ChangePipeline.create({
        clusters,
        access,
        logger: silent,
        deadlineMs,
        memory: this.memory,
        metrics: { traffic: () => undefined },
        requests: NO_REQUESTS,
      });
      return await work(pipeline, set);
    } finally {
      clusters.stop();
    }
  }

  private async isOver(change: string): Promise<boolean> {
    const [end] = await this.leases.named(END, [change]).catch(() => []);
    return end?.isClosed ?? false;
  }
}
