import { ConflictError } from '@backstage/errors';
import {
  describeRef,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import type { MadeStep } from '../memory/MemorizedChange';
import type { Step } from './Change';
import { type Delivered, EditDelivery, UnseenWrite } from './EditDelivery';
import { NotMadeWhole } from './NotMadeWhole';
import { takeBack } from './takeBack';
import { takeBackEach } from './takeBackEach';
import { UnknownOutcome } from './UnknownOutcome';

/** What the memory has to say between two writes of a change. */
export interface ChangeNote {
  /** False where the change is being taken back by another, who took this portal for dead. */
  mayGoOn(): Promise<boolean>;
  /** It is going to be taken back. */
  returning(): Promise<void>;
}

interface Failure {
  made: readonly Delivered[];
  note: ChangeNote;
  error: Error;
}

/**
 * Makes the edits of a change one after the other. Where one of them is not made, those before it are taken back, the last first; where
 * that cannot be done at once, the outcome is unknown, and whoever settles changes goes on with it. By default the first object that somebody
 * made something else of ends the taking back, since those before it may be named by it; with `takesBackEach` it does not.
 */
export class ChangeDelivery {
  static create(options: {
    client: KubernetesClient;
    deadlineMs: number;
    takesBackEach?: boolean;
  }) {
    return new ChangeDelivery(
      options.client,
      EditDelivery.create(options),
      options.takesBackEach ?? false,
    );
  }

  private constructor(
    private readonly client: KubernetesClient,
    private readonly delivery: EditDelivery,
    private readonly takesBackEach: boolean,
  ) {}

  /**
   * Asks the API server without writing anything.
   *
   * @returns the objects as the cluster would store them; undefined for one that would be gone.
   * @throws what the API server refuses one of them with; ChangeConflict where it is another one by now.
   */
  rehearse(steps: readonly Step[]): Promise<(KubeObject | undefined)[]> {
    return Promise.all(steps.map(step => this.delivery.rehearse(step)));
  }

  /**
   * Writes them.
   *
   * @throws ChangeConflict where an object is another one by now, and UnknownOutcome where nobody can say what of it is
   * written; with `takesBackEach` NotMadeWhole in the place of both. Every other error means that nothing is.
   */
  async deliver(
    steps: readonly Step[],
    note: ChangeNote,
  ): Promise<Delivered[]> {
    const made: Delivered[] = [];
    try {
      for (const step of steps) {
        if (made.length > 0) {
          await requireTurn(note);
        }
        made.push(
          step.made ? { object: step.made } : await this.delivery.deliver(step),
        );
      }
      if (steps.length > 1) {
        await requireTurn(note);
      }
      return made;
    } catch (error) {
      if (this.takesBackEach) {
        throw await this.giveBackEach(steps, {
          made,
          note,
          error: error as Error,
        });
      }
      if (made.length === 0 || error instanceof UnknownOutcome) {
        throw error;
      }
      await this.giveBack(steps, { made, note, error: error as Error });
      throw error;
    }
  }

  /** What is told of it. @throws UnknownOutcome where it may not even be begun. */
  private async giveBackEach(
    steps: readonly Step[],
    { made, note, error }: Failure,
  ): Promise<NotMadeWhole> {
    const failed = steps[Math.min(made.length, steps.length - 1)];
    const isDoubtful =
      error instanceof UnknownOutcome || error instanceof UnseenWrite;
    try {
      await note.returning();
    } catch (problem) {
      throw new UnknownOutcome(
        `${
          error.message
        } What was written before that could not be taken back yet: ${
          (problem as Error).message
        } The portal goes on trying; look at the changes below.`,
      );
    }
    const left = await takeBackEach(this.client, this.delivery, {
      made: backOf(steps, made),
      doubtful: isDoubtful ? failed : undefined,
    });
    return new NotMadeWhole(error, failed.edit, left);
  }

  /** @throws UnknownOutcome where it cannot be done at once. */
  private async giveBack(
    steps: readonly Step[],
    { made, note, error }: Failure,
  ): Promise<void> {
    const back = backOf(steps, made);
    const names = back
      .map(({ edit }) => describeRef(refOf(objectOf(edit))))
      .join(' and ');
    try {
      await note.returning();
      for (const step of back) {
        await takeBack(this.client, this.delivery, step);
      }
    } catch (problem) {
      throw new UnknownOutcome(
        `${
          error.message
        } Before that, ${names} had been written, and could not be taken back yet: ${
          (problem as Error).message
        } The portal goes on trying; look at the changes below.`,
      );
    }
  }
}

/** What was made, the last first. */
function backOf(
  steps: readonly Step[],
  made: readonly Delivered[],
): MadeStep[] {
  return made
    .map(({ object }, index) => ({ edit: steps[index].edit, after: object }))
    .reverse();
}

/** @throws ConflictError where another took this portal for dead, and takes back what it wrote. */
async function requireTurn(note: ChangeNote): Promise<void> {
  if (!(await note.mayGoOn())) {
    throw new ConflictError(
      'The portal was held up for so long in the middle of this change that it was taken back. Preview again to see what there is now.',
    );
  }
}
