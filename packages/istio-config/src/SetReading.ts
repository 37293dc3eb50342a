import { isSame } from './isSame';
import type { MeshObjects, ReadingNotes } from './MeshObjects';

/** More would cost more to ask again than the answer is worth. */
const MOST_QUESTIONS = 1000;

type Question = Parameters<ReadingNotes['note']>[0];
type Asked = Map<string, { ask: Question['ask']; answer: unknown }>;

/** What was read of a set, so that the same can be asked of a later one. @public */
export class SetReading implements ReadingNotes {
  private readonly asked = new Map<unknown, Asked>();
  private count = 0;

  /** How many questions are kept. */
  get size(): number {
    return this.count > MOST_QUESTIONS ? 0 : this.count;
  }

  /** Notes a question with its answer, each question once. */
  note({ of, key, ask }: Question, answer: unknown): void {
    const questions: Asked = this.asked.get(of) ?? new Map();
    if (!questions.has(key) && this.count <= MOST_QUESTIONS) {
      this.count += 1;
      this.asked.set(of, questions.set(key, { ask, answer }));
      if (this.count > MOST_QUESTIONS) {
        // It is not asked again, so nothing need be kept.
        this.asked.clear();
      }
    }
  }

  /** Whether a later set answers all of it alike; false, too, where it was too much to note. */
  isSameIn(later: MeshObjects): boolean {
    return (
      this.count <= MOST_QUESTIONS &&
      [...this.asked.values()].every(questions =>
        [...questions.values()].every(({ ask, answer }) =>
          isSame(ask(later), answer),
        ),
      )
    );
  }
}
