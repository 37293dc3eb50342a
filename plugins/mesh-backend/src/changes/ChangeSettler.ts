import type {
  AuditorService,
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  bearsEndOf,
  hasEnd,
  type KubeObject,
  type ObjectEdit,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { KubernetesClient } from '../cluster/KubernetesClient';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { MadeStep, MemorizedChange } from '../memory/MemorizedChange';
import { withoutContainers } from '../memory/withoutContainers';
import { auditOwnAct, namesOf } from './auditOwnAct';
import { stepOf } from './Change';
import { EditDelivery } from './EditDelivery';
import { type Outcome, outcomeOf } from './outcomeOf';
import { madeStep } from './madeStep';
import { isTakenBackEach, longestMs } from './settling';
import type { LeftObject } from './NotMadeWhole';
import { takeBack } from './takeBack';
import { takeBackEach } from './takeBackEach';

/** Then an edit is not in the cluster. */
const NOT_MADE: readonly Outcome[] = ['not-yet', 'not-written'];
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
    auditor: AuditorService;
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
    let now: (KubeObject | undefined)[];
    try {
      if (steps.length > 1) {
        await memory.returning(id);
      }
      now = await this.look(change);
    } catch (error) {
      logger.debug(
        `${namesOf(change)} of change ${id} cannot be read yet: ${error}`,
      );
      return false;
    }
    await (steps.length > 1
      ? this.settleSeveral(change, now)
      : this.settleAlone(change, now));
    return true;
  }

  private async settleAlone(
    change: MemorizedChange,
    now: readonly (KubeObject | undefined)[],
  ): Promise<void> {
    const { memory, logger } = this.options;
    const { id, steps, state } = change;
    const [{ edit }] = steps;
    const [current] = now;
    if (hasEnd(edit)) {
      // What is not there may still come: its end looks out for it.
      if (current && bearsEndOf(edit, current)) {
        await memory.written(id, now);
      }
      return;
    }
    const outcome = outcomeNow(edit, current);
    if (outcome === 'written') {
      await memory.written(id, now);
    } else if (NOT_MADE.includes(outcome)) {
      await memory.forget(id);
    } else if (state === 'writing') {
      await memory.unknown(id);
    } else {
      return;
    }
    logger.info(
      `The end of a change of ${namesOf(
        change,
      )} was not noted; by the object as it is: ${outcome}`,
    );
  }

  /** All of it or nothing: what was made of a change that was not made whole is taken back, the last first. */
  private async settleSeveral(
    change: MemorizedChange,
    now: readonly (KubeObject | undefined)[],
  ): Promise<void> {
    const { memory, logger } = this.options;
    const { id, steps } = change;
    const name = namesOf(change);
    const outcomes = steps.map(({ edit }, index) =>
      outcomeNow(edit, now[index]),
    );
    if (outcomes.every(outcome => outcome === 'written')) {
      await memory.written(id, now);
      logger.info(`The end of a change of ${name} was not noted: it was made`);
      return;
    }
    const made = steps
      .map(({ edit }, index) => madeStep(edit, now[index]))
      .filter((_step, index) => !NOT_MADE.includes(outcomes[index]));
    let left: LeftObject[] = [];
    try {
      left = await this.takeBackAll(change, made.reverse());
    } catch (error) {
      if (error instanceof ConflictError) {
        await memory.unknown(id);
      }
      logger.warn(
        `A change of ${name} was not made whole, and was not taken back${
          error instanceof ConflictError ? '' : ' yet'
        }`,
        error as Error,
      );
      return;
    }
    if (left.length > 0) {
      if (!left.some(({ isOpen }) => isOpen)) {
        await memory.unknown(id);
      }
      logger.warn(
        `A change of ${name} was not made whole; what could not be taken back: ${left
          .map(one => `${one.name} (${one.why})`)
          .join(', ')}`,
      );
      return;
    }
    await memory.forget(id);
    logger.warn(`A change of ${name} was not made whole, and was taken back`);
  }

  /** The portal's own act, in the audit log as such. */
  private async takeBackAll(
    change: MemorizedChange,
    made: readonly MadeStep[],
  ): Promise<LeftObject[]> {
    if (made.length === 0) {
      return [];
    }
    const client = this.client(change);
    const { deadlineMs } = this.options;
    const delivery = EditDelivery.create({ client, deadlineMs });
    const event = await auditOwnAct(this.options, 'change-take-back', change);
    try {
      if (isTakenBackEach(change)) {
        const left = await takeBackEach(client, delivery, { made });
        await event?.success({
          meta: {
            outcome: left.length > 0 ? 'partly written' : 'written',
            left: left.map(({ name }) => name),
          },
        });
        return left;
      }
      for (const step of made) {
        await takeBack(client, delivery, step);
      }
      await event?.success({ meta: { outcome: 'written' } });
      return [];
    } catch (error) {
      await event?.fail({ error: error as Error });
      throw error;
    }
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

function outcomeNow(edit: ObjectEdit, current: KubeObject | undefined) {
  return outcomeOf(stepOf(edit), current && withoutContainers(current));
}

/** Of several objects: while it may be on its way, and once somebody made something else of one. */
function isLeftAlone(
  { at, steps, state }: MemorizedChange,
  now: number,
  deadlineMs: number,
): boolean {
  return (
    steps.length > 1 &&
    (state === 'unknown' || now - at < longestMs(steps.length, deadlineMs))
  );
}
