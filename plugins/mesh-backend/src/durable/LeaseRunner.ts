import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { Knex } from 'knex';
import { Fenced } from './Fenced';
import { HeldLease } from './HeldLease';
import type { Outlook } from './Lease';
import type { DueEntry, LeaseStore } from './LeaseStore';

/** A replica that stops in the middle of something keeps it from the others for so long. */
const LEASE_MS = 15_000;
/** At once; where one cluster hangs, the others go on. */
const MOST = 20;
const AFTER_FAILURE_MS = 5_000;

/** What came of a piece of work. */
export type Done<State extends JsonObject> = Outlook<State> & {
  /** Is noted in the same transaction. */
  along?: (tx: Knex) => Promise<void>;
  /** For so long this replica leaves it to others, who may have more luck. */
  restMs?: number;
};

/** How a kind of work is done. It may be stopped anywhere and is then begun again, by whoever takes it next. */
export interface LeasedWork<State extends JsonObject = any> {
  run(lease: HeldLease<State>): Promise<Done<State>>;
}

/** Does what is due and in nobody else's hands. */
export class LeaseRunner {
  static create(options: {
    leases: LeaseStore;
    /** By kind. */
    works: Readonly<Record<string, LeasedWork>>;
    logger: LoggerService;
    leaseMs?: number;
    owner?: string;
  }) {
    return new LeaseRunner(options);
  }

  private readonly running = new Map<string, Promise<void>>();
  /** What is left to others, by id, and until when. */
  private readonly resting = new Map<string, number>();
  private isStopped = false;
  private readonly owner: string;
  private readonly leaseMs: number;

  private constructor(
    private readonly options: Parameters<typeof LeaseRunner.create>[0],
  ) {
    this.owner = options.owner ?? `${hostname()} ${randomUUID()}`;
    this.leaseMs = options.leaseMs ?? LEASE_MS;
  }

  /** Begins what is due; it does not wait until that is done, so that what hangs holds up nothing else. */
  async wake(): Promise<void> {
    const { leases, works } = this.options;
    const most = MOST - this.running.size;
    if (this.isStopped || most < 1) {
      return;
    }
    for (const [id, until] of this.resting) {
      if (until < performance.now()) this.resting.delete(id);
    }
    const without = [...this.resting.keys(), ...this.running.keys()];
    const due = await leases.due(Object.keys(works), { most, without });
    for (const entry of due) {
      const work = this.perform(entry).finally(() =>
        this.running.delete(entry.id),
      );
      this.running.set(entry.id, work);
    }
  }

  /** Takes up nothing more. */
  stop(): void {
    this.isStopped = true;
  }

  /** Waits for what was begun. */
  async idle(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private async perform(entry: DueEntry): Promise<void> {
    const { leases, works, logger } = this.options;
    const { owner, leaseMs } = this;
    const about = `${entry.kind} ${entry.name}`;
    try {
      const lease = await leases.take(entry, { owner, leaseMs });
      if (!lease) {
        return;
      }
      const held = HeldLease.hold({ leases, lease, leaseMs });
      try {
        const { along, restMs, ...outlook } = await works[entry.kind]
          .run(held)
          .catch(error => putOff(held, error, logger));
        if (restMs) {
          this.resting.set(entry.id, performance.now() + restMs);
        }
        await leases.giveBack(lease, outlook, along);
      } finally {
        held.release();
      }
    } catch (error) {
      if (error instanceof Fenced) {
        logger.info(`${about} is somebody else’s by now, and was left to him`);
      } else {
        logger.warn(`${about} will be taken up again`, error as Error);
      }
    }
  }
}

/** @throws Fenced */
function putOff<State extends JsonObject>(
  { name, state }: HeldLease<State>,
  error: unknown,
  logger: LoggerService,
): Done<State> {
  if (error instanceof Fenced) {
    throw error;
  }
  logger.warn(`What was due for ${name} failed`, error as Error);
  return { state, dueInMs: 0, restMs: AFTER_FAILURE_MS };
}
