/** How long work goes on end before other requests get their turn; a request needs several turns. */
const SLICE_MS = 2;

/** Cuts long work into slices. */
export class Slice {
  static begin(): Slice {
    return new Slice();
  }

  private ends = performance.now() + SLICE_MS;

  private constructor() {}

  isOver(): boolean {
    return performance.now() > this.ends;
  }

  /** Lets the others go first, then begins anew. */
  async pause(): Promise<void> {
    await othersTurn();
    this.ends = performance.now() + SLICE_MS;
  }
}

/** Resolves once whatever else waits had its turn, such as requests that are to go out before the processor is kept busy. */
export function othersTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
