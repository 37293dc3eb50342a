/** How long to wait before the next try: each time twice as long, up to a bound. */
export class GrowingPause {
  static create(ms: { first: number; most: number }) {
    return new GrowingPause(ms);
  }

  private pauseMs: number;

  private constructor(private readonly ms: { first: number; most: number }) {
    this.pauseMs = ms.first;
  }

  /** Milliseconds. */
  next(): number {
    const { pauseMs } = this;
    this.pauseMs = Math.min(pauseMs * 2, this.ms.most);
    return pauseMs;
  }

  reset(): void {
    this.pauseMs = this.ms.first;
  }
}
