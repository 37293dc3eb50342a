/** How long work goes on end before the event loop gets to other requests; a request needs it several times. */
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

  /** Lets the others go first, then starts over. */
  async pause(): Promise<void> {
    await yieldToEventLoop();
    this.ends = performance.now() + SLICE_MS;
  }
}

/** Resolves once the event loop has been through whatever else waits, such as requests that are to go out before the processor is kept busy. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
