import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { type KubeObject, objectOf, refOf } from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { KubernetesClient } from '../cluster/KubernetesClient';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type {
  MemorizedChange,
  RememberedRequest,
} from '../memory/MemorizedChange';
import type { PullRequest } from '../pullRequests/Forge';
import { backFrom } from './backFrom';
import type { ChangeRequests } from './ChangeRequests';
import { fieldsOf } from './requestFields';

const EVERY_S = 30;
/** One that has been open for long is looked at less often, that forges are not asked without need: each time after a part of its age. */
const PART_OF_AGE = 1 / 20;
const LONGEST_PAUSE_MS = 600_000;
/** Opening one takes several questions, each within the deadline. */
const MOST_QUESTIONS = 20;

/**
 * Looks what became of the pull requests of changes: merged, and what they ask for in the cluster, they are changes that were written; closed,
 * they are declined. One of which nobody knows whether it was opened or updated is found by its branch.
 */
export class RequestWatcher {
  static create(options: {
    memory: ChangeMemory;
    requests: Pick<ChangeRequests, 'state' | 'updates'>;
    access: MeshClusterAccess;
    scheduler: SchedulerService;
    logger: LoggerService;
    deadlineMs: number;
  }) {
    return new RequestWatcher(options);
  }

  /** By the changes' ids, in milliseconds. */
  private lookedAt = new Map<string, number>();

  private constructor(
    private readonly options: Parameters<typeof RequestWatcher.create>[0],
  ) {}

  async start(): Promise<void> {
    await this.options.scheduler.scheduleTask({
      id: 'mesh-watch-requests',
      frequency: { seconds: EVERY_S },
      timeout: { minutes: 5 },
      fn: () => this.look(),
    });
  }

  /** Looks once at each. */
  async look(): Promise<void> {
    const { memory, logger } = this.options;
    const now = Date.now();
    const awaited = await memory.proposals.awaited();
    const before = this.lookedAt;
    this.lookedAt = new Map(
      awaited.flatMap(({ id }) => {
        const at = before.get(id);
        return at === undefined ? [] : [[id, at]];
      }),
    );
    for (const change of awaited.filter(each => this.isDue(each, now))) {
      const { id } = change;
      this.lookedAt.set(id, now);
      try {
        await this.lookAt(change);
      } catch (error) {
        logger.warn(
          `What became of the pull request of change ${id} is not known yet`,
          error as Error,
        );
      }
    }
  }

  private isDue({ id, state, at }: MemorizedChange, now: number): boolean {
    const age = now - at;
    const isOnItsWay =
      state === 'proposing' && age < MOST_QUESTIONS * this.options.deadlineMs;
    const pause = Math.min(age * PART_OF_AGE, LONGEST_PAUSE_MS);
    return !isOnItsWay && now - (this.lookedAt.get(id) ?? 0) >= pause;
  }

  private async lookAt(change: MemorizedChange): Promise<void> {
    const { memory, requests, logger } = this.options;
    const { id, request, state } = change;
    const found = request && (await requests.state(id, request));
    if (state === 'proposing' && request?.replaces) {
      const isIn = await this.finishUpdate(change, request, found);
      if (!isIn) {
        await memory.proposals.takeReplacingBack(id, request.replaces);
        logger.info(`${request.url} was not updated for change ${id}`);
        return;
      }
    }
    if (!found) {
      await memory.forget(id);
      logger.info(`No pull request was opened for change ${id}`);
      return;
    }
    if (state === 'proposing') {
      const { number, url } = found;
      await memory.proposals.opened(id, { ...request, number, url });
    }
    if (found.state === 'closed') {
      await memory.proposals.declined(id);
      logger.info(`${found.url} was closed without a merge`);
    } else if (found.state === 'merged') {
      const now = await this.objectsOf(change);
      if (change.steps.every((step, index) => isThere(step, now[index]))) {
        await memory.written(id, now);
        logger.info(`${found.url} was merged and is in ${change.cluster}`);
      }
    }
  }

  /** Where the portal was held up in the middle of an update, the branch says how far it came. @returns whether the commit is there. */
  private async finishUpdate(
    change: MemorizedChange,
    request: RememberedRequest,
    found: PullRequest | undefined,
  ): Promise<boolean> {
    const { requests, logger } = this.options;
    const { id } = change;
    const isIn = found && (await requests.updates.has({ id, request }, found));
    if (!isIn || found.state !== 'open') {
      return isIn ?? false;
    }
    const fields = fieldsOf(id, change);
    const { repository } = request;
    const { number } = found;
    const failure = await requests.updates.reword(
      { repository, number },
      fields,
    );
    if (
      failure?.reason === 'unavailable' ||
      failure?.reason === 'rateLimited'
    ) {
      throw failure;
    }
    if (failure) {
      logger.warn(`${found.url} keeps its title and description`, failure);
    }
    return true;
  }

  private objectsOf({
    cluster,
    steps,
  }: MemorizedChange): Promise<(KubeObject | undefined)[]> {
    const { access, deadlineMs } = this.options;
    const client = KubernetesClient.create({ access, cluster, deadlineMs });
    return Promise.all(
      steps.map(({ edit }) => client.find(refOf(objectOf(edit)))),
    );
  }
}

/** Whether the cluster has what a step asked for: then it can be taken back. */
function isThere(
  { edit }: MemorizedChange['steps'][number],
  current: KubeObject | undefined,
): boolean {
  if (edit.action === 'delete') {
    return current === undefined;
  }
  if (edit.action === 'create') {
    return current !== undefined;
  }
  try {
    backFrom({ edit }, current);
    return true;
  } catch {
    return false;
  }
}
