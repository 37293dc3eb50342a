/** How long to wait before the next try: each time twice as long, up to a bound. */
export class Backoff {
  static create(ms: { first: number; most: number }) {
    return new Backoff(ms);
  }

  private delayMs: number;

  private constructor(private readonly ms: { first: number; most: number }) {
    this.delayMs = ms.first;
  }

  /** Milliseconds. */
  next(): number {
    const { delayMs } = this;
    this.delayMs = Math.min(delayMs * 2, this.ms.most);
    return delayMs;
  }

  reset(): void {
    this.delayMs = this.ms.first;
  }
}
