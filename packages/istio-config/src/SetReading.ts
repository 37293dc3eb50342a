import { isSame } from './isSame';
import type { MeshConfigSet } from './MeshConfigSet';

/** More would cost more to ask again than the answer is worth. */
const MOST_QUESTIONS = 1000;

type Ask = (set: MeshConfigSet) => unknown;

/** What was read of a set, so that the same can be asked of a later one. @public */
export class SetReading {
  private questions: { ask: Ask; answer: unknown }[] | undefined = [];

  /** Notes a question with its answer; one that was asked before is noted again. */
  note(ask: Ask, answer: unknown): void {
    if (this.questions && this.questions.length < MOST_QUESTIONS) {
      this.questions.push({ ask, answer });
    } else {
      this.questions = undefined;
    }
  }

  /** Whether a later set answers all of it alike; false, too, where it was too much to note. */
  isSameIn(later: MeshConfigSet): boolean {
    return (
      this.questions?.every(({ ask, answer }) => isSame(ask(later), answer)) ??
      false
    );
  }
}
