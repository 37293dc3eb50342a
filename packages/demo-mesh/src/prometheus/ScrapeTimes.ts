/** When samples are taken: at the multiples of the scrape interval, up to now. */
export class ScrapeTimes {
  static create(options: {
    intervalMs: number;
    clock: () => number;
  }): ScrapeTimes {
    return new ScrapeTimes(options.intervalMs, options.clock);
  }

  private constructor(
    readonly intervalMs: number,
    private readonly clock: () => number,
  ) {}

  /** The last one at or before a time. */
  atOrBefore(timeMs: number): number {
    const latest = Math.min(timeMs, this.clock());
    return Math.floor(latest / this.intervalMs) * this.intervalMs;
  }

  /** The first one at or after a time. */
  atOrAfter(timeMs: number): number {
    return Math.ceil(timeMs / this.intervalMs) * this.intervalMs;
  }

  /** The first one after a time. */
  after(timeMs: number): number {
    return (Math.floor(timeMs / this.intervalMs) + 1) * this.intervalMs;
  }
}
