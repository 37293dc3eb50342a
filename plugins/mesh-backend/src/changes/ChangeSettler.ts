import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  bearsEndOf,
  describeRef,
  hasEnd,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { KubernetesClient } from '../cluster/KubernetesClient';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { MemorizedChange } from '../memory/MemorizedChange';
import { withoutContainers } from '../memory/withoutContainers';
import { stepOf } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { EditDelivery } from './EditDelivery';
import { outcomeOf } from './outcomeOf';
import { takeBack } from './takeBack';

const EVERY_S = 30;
/** What has not become clear by then will not. */
const UNCLEAR_MS = 3_600_000;
/** Longer than anybody can still take back a change. */
const KEPT_MS = 90 * 24 * 3_600_000;

/**
 * Finds out what became of changes whose end nobody noted, because the portal stopped in the middle or a cluster did not answer: it
 * looks at the object as it is.
 */
export class ChangeSettler {
  static create(options: {
    memory: ChangeMemory;
    access: MeshClusterAccess;
    scheduler: SchedulerService;
    logger: LoggerService;
    deadlineMs: number;
  }) {
    return new ChangeSettler(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ChangeSettler.create>[0],
  ) {}

  async start(): Promise<void> {
    await this.options.scheduler.scheduleTask({
      id: 'mesh-settle-changes',
      frequency: { seconds: EVERY_S },
      timeout: { minutes: 5 },
      fn: () => this.settle(),
    });
  }

  /** Looks once at each change whose end is not known. */
  async settle(): Promise<void> {
    const { memory, deadlineMs } = this.options;
    const now = Date.now();
    // A write that is on its way has its own look, twice as long as the deadline; taking back takes as long again.
    const waiting = await memory.unsettled({
      before: now - 3 * deadlineMs,
      unknownSince: now - UNCLEAR_MS,
    });
    const away = new Set<string>();
    for (const change of waiting) {
      if (isLeftAlone(change, now, deadlineMs)) {
        continue;
      }
      if (!away.has(change.cluster) && !(await this.settleOne(change))) {
        away.add(change.cluster);
      }
    }
    await memory.dropBefore(now - KEPT_MS);
  }

  /** @returns whether its cluster answered. */
  private async settleOne(change: MemorizedChange): Promise<boolean> {
    const { memory, logger } = this.options;
    const { id, steps } = change;
    const [{ edit }] = steps;
    const name = steps
      .map(step => describeRef(refOf(objectOf(step.edit))))
      .join(' and ');
    let now: (KubeObject | undefined)[];
    try {
      if (steps.length > 1) {
        await memory.returning(id);
      }
      now = await this.look(change);
    } catch (error) {
      logger.debug(`${name} of change ${id} cannot be read yet: ${error}`);
      return false;
    }
    if (steps.length > 1) {
      return this.settleSeveral(change, now, name);
    }
    const [current] = now;
    if (hasEnd(edit)) {
      // What is not there may still come: its end looks out for it.
      if (current && bearsEndOf(edit, current)) {
        await memory.written(id, now);
      }
      return true;
    }
    const outcome = outcomeOf(
      stepOf(edit),
      current && withoutContainers(current),
    );
    if (outcome === 'written') {
      await memory.written(id, now);
    } else if (outcome === 'not-yet' || outcome === 'not-written') {
      await memory.forget(id);
    } else if (change.state === 'writing') {
      await memory.unknown(id);
    } else {
      return true;
    }
    logger.info(
      `The end of a change of ${name} was not noted; by the object as it is: ${outcome}`,
    );
    return true;
  }

  /** All of it or nothing: what was made of a change that was not made whole is taken back, the last first. */
  private async settleSeveral(
    change: MemorizedChange,
    now: readonly (KubeObject | undefined)[],
    name: string,
  ): Promise<boolean> {
    const { memory, logger, deadlineMs } = this.options;
    const { id, steps } = change;
    const told = now.map(object => object && withoutContainers(object));
    const outcomes = steps.map(({ edit }, index) =>
      outcomeOf(stepOf(edit), told[index]),
    );
    if (outcomes.every(outcome => outcome === 'written')) {
      await memory.written(id, now);
      logger.info(`The end of a change of ${name} was not noted: it was made`);
      return true;
    }
    const client = this.client(change);
    const delivery = EditDelivery.create({ client, deadlineMs });
    try {
      for (const [index, { edit }] of [...steps.entries()].reverse()) {
        if (!['not-yet', 'not-written'].includes(outcomes[index])) {
          await takeBack(client, delivery, { edit, after: now[index] });
        }
      }
    } catch (error) {
      const isElses =
        error instanceof ChangeConflict || error instanceof ConflictError;
      if (!isElses) {
        logger.warn(
          `A change of ${name} was not made whole, and cannot be taken back yet`,
          error as Error,
        );
        return false;
      }
      await memory.unknown(id);
      logger.warn(
        `A change of ${name} was not made whole, and somebody made something else of it: ${error.message}`,
      );
      return true;
    }
    await memory.forget(id);
    logger.warn(`A change of ${name} was not made whole, and was taken back`);
    return true;
  }

  private look(change: MemorizedChange): Promise<(KubeObject | undefined)[]> {
    const client = this.client(change);
    return Promise.all(
      change.steps.map(({ edit }) => client.find(refOf(objectOf(edit)))),
    );
  }

  private client({ cluster }: MemorizedChange): KubernetesClient {
    const { access, deadlineMs } = this.options;
    return KubernetesClient.create({ access, cluster, deadlineMs });
  }
}

/** Of several objects: while it may be on its way, and once somebody made something else of one. */
function isLeftAlone(
  { at, steps, state }: MemorizedChange,
  now: number,
  deadlineMs: number,
): boolean {
  return (
    steps.length > 1 &&
    (state === 'unknown' || now - at < 6 * deadlineMs * steps.length)
  );
}
