import { ConflictError } from '@backstage/errors';
import {
  describeRef,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import type { Step } from './Change';
import { type Delivered, EditDelivery } from './EditDelivery';
import { takeBack } from './takeBack';
import { UnknownOutcome } from './UnknownOutcome';

/** What the memory has to say between two writes of a change. */
export interface ChangeNote {
  /** False where the change is being taken back by another, who took this portal for dead. */
  mayGoOn(): Promise<boolean>;
  /** It is going to be taken back. */
  returning(): Promise<void>;
}

/**
 * Makes the edits of a change one after the other. Where one of them is not made, those before it are taken back, the last first; where
 * that cannot be done at once, the outcome is unknown, and whoever settles changes goes on with it.
 */
export class ChangeDelivery {
  static create(options: { client: KubernetesClient; deadlineMs: number }) {
    return new ChangeDelivery(options.client, EditDelivery.create(options));
  }

  private constructor(
    private readonly client: KubernetesClient,
    private readonly delivery: EditDelivery,
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
   * written; every other error means that nothing is.
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
        made.push(await this.delivery.deliver(step));
      }
      if (steps.length > 1) {
        await requireTurn(note);
      }
      return made;
    } catch (error) {
      if (made.length === 0 || error instanceof UnknownOutcome) {
        throw error;
      }
      await this.giveBack(steps, { made, note, error: error as Error });
      throw error;
    }
  }

  /** @throws UnknownOutcome where it cannot be done at once. */
  private async giveBack(
    steps: readonly Step[],
    {
      made,
      note,
      error,
    }: { made: readonly Delivered[]; note: ChangeNote; error: Error },
  ): Promise<void> {
    const back = made
      .map(({ object }, index) => ({ edit: steps[index].edit, after: object }))
      .reverse();
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

/** @throws ConflictError where another took this portal for dead, and takes back what it wrote. */
async function requireTurn(note: ChangeNote): Promise<void> {
  if (!(await note.mayGoOn())) {
    throw new ConflictError(
      'The portal was held up for so long in the middle of this change that it was taken back. Preview again to see what there is now.',
    );
  }
}
