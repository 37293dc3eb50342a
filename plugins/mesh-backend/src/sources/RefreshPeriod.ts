/** Keeps a hash an exact integer. */
const LARGE_PRIME = 2_147_483_647;

/**
 * Divides time so that all who look at one thing see the same answers, in every replica, and different things are
 * asked for at different moments.
 */
export class RefreshPeriod {
  static create(options: { periodMs: number; now?: () => number }) {
    return new RefreshPeriod(options.periodMs, options.now ?? Date.now);
  }

  private constructor(
    readonly periodMs: number,
    private readonly now: () => number,
  ) {}

  /** The number of the period that a thing is in. */
  of(scope: string): number {
    return Math.floor((this.now() + this.offsetOf(scope)) / this.periodMs);
  }

  /** Milliseconds until a thing's period ends. */
  left(scope: string): number {
    const shifted = this.now() + this.offsetOf(scope);
    return this.periodMs - (shifted % this.periodMs);
  }

  private offsetOf(scope: string): number {
    let hash = 0;
    for (let index = 0; index < scope.length; index++) {
      hash = (hash * 31 + scope.charCodeAt(index)) % LARGE_PRIME;
    }
    return hash % this.periodMs;
  }
}
