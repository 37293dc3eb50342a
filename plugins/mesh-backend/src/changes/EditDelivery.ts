import { setTimeout as pause } from 'node:timers/promises';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  beforeOf,
  describeRef,
  type KubeObject,
  type ObjectEdit,
  objectOf,
  type PatchOperation,
  refOf,
} from '@meshdeck/istio-config';
import {
  FIELD_MANAGER,
  type KubernetesClient,
} from '../cluster/KubernetesClient';
import {
  RefusedRequestError,
  StaleObjectError,
  UnfinishedWriteError,
} from '../cluster/kubernetesErrors';
import type { Step } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { bearsMarkOf, creationMark } from './creationMark';
import { type Outcome, outcomeOf } from './outcomeOf';
import { isSameVersion } from './sameVersion';
import { UnknownOutcome } from './UnknownOutcome';

const LOOK_EVERY_MS = 200;
/** Clocks of two machines, and the way between them. */
const GRACE_MS = 500;

/** The cluster was asked to write, did not answer, and it is not there: only something on the way can still bring it. */
export class UnseenWrite extends ServiceUnavailableError {}

/** What was written. */
export interface Delivered {
  /** As the cluster stored it; undefined where it is gone. */
  object?: KubeObject;
  /** How it is known, where the answer itself was lost. */
  remark?: string;
}

/**
 * Makes one edit. An object that is there is changed by JSON Patch (RFC 6902): all operations or none, under a test of the object and the
 * version that were seen; of it nothing else is written. A merge patch or server-side apply would write whole lists, and the latter drops what
 * an earlier apply set. One is made only where there is none of its name, and deleted only in the version that was seen.
 */
export class EditDelivery {
  static create(options: { client: KubernetesClient; deadlineMs: number }) {
    return new EditDelivery(options.client, options.deadlineMs);
  }

  private constructor(
    private readonly client: KubernetesClient,
    private readonly deadlineMs: number,
  ) {}

  /**
   * Asks the API server without writing anything.
   *
   * @returns the object as the cluster would store it; undefined for one that would be gone.
   * @throws what the API server refuses it with; ChangeConflict where the object is another one by now.
   */
  async rehearse(step: Step): Promise<KubeObject | undefined> {
    return this.send(step, { dryRun: true });
  }

  /**
   * Writes it.
   *
   * @throws ChangeConflict where the object is another one by now, and UnknownOutcome where nobody can say whether it was
   * written; every other error means that nothing was.
   */
  async deliver(step: Step): Promise<Delivered> {
    const sentAt = Date.now();
    try {
      return { object: await this.send(step, {}) };
    } catch (error) {
      if (!(error instanceof UnfinishedWriteError)) {
        throw error;
      }
      return this.settle(step, error.message, sentAt);
    }
  }

  private async send(
    { edit }: Step,
    options: { dryRun?: boolean },
  ): Promise<KubeObject | undefined> {
    try {
      return await this.sendEdit(edit, options);
    } catch (error) {
      const own =
        error instanceof StaleObjectError && (await this.ownCreation(edit));
      if (own) {
        return own;
      }
      // The server does not say whether a test did not hold or the result is not valid.
      if (
        error instanceof RefusedRequestError ||
        error instanceof StaleObjectError
      ) {
        await this.requireUnchanged(edit);
      }
      throw error;
    }
  }

  private async sendEdit(
    edit: ObjectEdit,
    options: { dryRun?: boolean },
  ): Promise<KubeObject | undefined> {
    switch (edit.action) {
      case 'create':
        return this.client.create(edit.object, options);
      case 'delete':
        await this.client.remove(edit.before, options);
        return undefined;
      default:
        return this.client.patch(
          refOf(edit.before),
          [...lockOf(edit.before), ...edit.operations],
          options,
        );
    }
  }

  /** What was created all the same, as when something on the way sent it twice. */
  private async ownCreation(edit: ObjectEdit): Promise<KubeObject | undefined> {
    if (edit.action !== 'create' || !creationMark(edit.object)) {
      return undefined;
    }
    const current = await this.client.find(refOf(edit.object));
    return current && bearsMarkOf(edit.object, current) ? current : undefined;
  }

  /** @throws ChangeConflict where the object is another one than was seen; NotFoundError where it is gone. */
  private async requireUnchanged(edit: ObjectEdit): Promise<void> {
    const before = beforeOf(edit);
    const seen = before && versionOf(before);
    let current: KubeObject | undefined;
    try {
      current = await this.client.get(refOf(objectOf(edit)));
    } catch (error) {
      if (before || !(error instanceof NotFoundError)) {
        throw error;
      }
    }
    if (current && !(before && isSameVersion(before, current))) {
      throw ChangeConflict.over(current, seen ?? '');
    }
  }

  /**
   * Reads the object until it says what became of the write. The server was told to give up at the deadline: as long as that is not
   * past, what is not written may still be.
   */
  private async settle(
    step: Step,
    why: string,
    sentAt: number,
  ): Promise<Delivered> {
    const object = objectOf(step.edit);
    const name = describeRef(refOf(object));
    const settledAt = sentAt + this.deadlineMs + GRACE_MS;
    const endsAt = Math.max(Date.now() + this.deadlineMs, settledAt);
    for (;;) {
      const seen = await this.look(step);
      const now = Date.now();
      switch (seen.outcome) {
        case 'written':
          return {
            object: seen.current,
            remark: `The answer was lost, so ${name} was read again: it was written. (${why})`,
          };
        case 'not-written':
          throw ChangeConflict.over(seen.current ?? object, versionOf(object));
        case 'not-yet':
          if (now > settledAt) {
            throw new UnseenWrite(
              `${why} ${name} was read again: nothing was written. Preview again to see it as it is now.`,
            );
          }
          break;
        case 'unread':
          if (now > endsAt) {
            throw unknown(name, why, 'it cannot be read');
          }
          break;
        case 'gone':
          throw unknown(
            name,
            why,
            'it is not there any more, or is another one of that name',
          );
        default:
          throw unknown(
            name,
            why,
            'it was changed since, and not to what you wanted',
          );
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  private async look(
    step: Step,
  ): Promise<{ outcome: Outcome | 'unread'; current?: KubeObject }> {
    let current: KubeObject | undefined;
    try {
      current = await this.client.find(refOf(objectOf(step.edit)));
    } catch {
      return { outcome: 'unread' };
    }
    const outcome = outcomeOf(step, current);
    return step.edit.action === 'delete' && outcome === 'written'
      ? { outcome }
      : { outcome, current };
  }
}

function unknown(name: string, why: string, because: string): UnknownOutcome {
  return new UnknownOutcome(
    `${why} Nobody can say whether ${name} was written: ${because}. Look at it, and at what its field manager ${FIELD_MANAGER} owns, before you try again.`,
  );
}

/** The very object, in the very version. */
function lockOf({ metadata }: KubeObject): PatchOperation[] {
  const { uid, resourceVersion } = metadata;
  return [
    { op: 'test', at: ['metadata', 'uid'], value: uid },
    {
      op: 'test',
      at: ['metadata', 'resourceVersion'],
      value: resourceVersion,
    },
  ];
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? '';
}
