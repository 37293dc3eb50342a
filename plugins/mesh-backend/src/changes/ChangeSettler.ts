import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import {
  afterOf,
  bearsEndOf,
  describeRef,
  hasEnd,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { KubernetesClient } from '../cluster/KubernetesClient';
import type { ChangeMemory, MemorizedChange } from '../memory/ChangeMemory';
import { withoutContainers } from '../memory/withoutContainers';
import { outcomeOf } from './outcomeOf';

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
    // A write that is on its way has its own look, twice as long as the deadline.
    const waiting = await memory.unsettled({
      before: now - 3 * deadlineMs,
      unknownSince: now - UNCLEAR_MS,
    });
    const away = new Set<string>();
    for (const change of waiting) {
      if (!away.has(change.cluster) && !(await this.settleOne(change))) {
        away.add(change.cluster);
      }
    }
    await memory.dropBefore(now - KEPT_MS);
  }

  /** @returns whether its cluster answered. */
  private async settleOne(change: MemorizedChange): Promise<boolean> {
    const { memory, logger } = this.options;
    const { id, edit } = change;
    const name = describeRef(refOf(objectOf(edit)));
    let current: KubeObject | undefined;
    try {
      current = await this.client(change).find(refOf(objectOf(edit)));
    } catch (error) {
      logger.debug(`${name} of change ${id} cannot be read yet: ${error}`);
      return false;
    }
    if (hasEnd(edit)) {
      // What is not there may still come: its end looks out for it.
      if (current && bearsEndOf(edit, current)) {
        await memory.written(id, current);
      }
      return true;
    }
    const outcome = outcomeOf(
      { edit, after: afterOf(edit) },
      current && withoutContainers(current),
    );
    if (outcome === 'written') {
      await memory.written(id, current);
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

  private client({ cluster }: MemorizedChange): KubernetesClient {
    const { access, deadlineMs } = this.options;
    return KubernetesClient.create({ access, cluster, deadlineMs });
  }
}
