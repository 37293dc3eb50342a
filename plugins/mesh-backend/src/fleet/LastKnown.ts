/**
 * The last value of something that takes a while. It is renewed behind the reader's back, at most once at a time; a
 * reader waits only where there is none yet, or where it is too old to be shown.
 */
export class LastKnown<T> {
  static create<T>(options: {
    renew: () => Promise<T>;
    now?: () => number;
  }): LastKnown<T> {
    return new LastKnown(options.renew, options.now ?? Date.now);
  }

  private known: { value: T; at: number } | undefined;
  private underWay: Promise<void> | undefined;

  private constructor(
    private readonly renew: () => Promise<T>,
    private readonly now: () => number,
  ) {}

  get value(): T | undefined {
    return this.known?.value;
  }

  /** `isFresh`: nothing is asked; `isUsable`: it is shown while it is asked again. */
  async get(judge: {
    isFresh: (value: T, ageMs: number) => boolean;
    isUsable: (value: T, ageMs: number) => boolean;
    /** How long a reader waits; what there is then has to do. By default until it is there. */
    patienceMs?: number;
  }): Promise<T | undefined> {
    if (this.known) {
      const { value, at } = this.known;
      const ageMs = this.now() - at;
      if (judge.isFresh(value, ageMs)) {
        return value;
      }
      if (judge.isUsable(value, ageMs)) {
        // Whoever has to wait for it hears of a failure.
        this.renewOnce().catch(() => undefined);
        return value;
      }
    }
    await atMost(this.renewOnce(), judge.patienceMs);
    return this.known?.value;
  }

  private renewOnce(): Promise<void> {
    this.underWay ??= this.renew()
      .then(value => {
        this.known = { value, at: this.now() };
      })
      .finally(() => {
        this.underWay = undefined;
      });
    return this.underWay;
  }
}

async function atMost(
  work: Promise<void>,
  patienceMs: number | undefined,
): Promise<void> {
  if (patienceMs === undefined) {
    return work;
  }
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>(resolve => {
    timer = setTimeout(resolve, patienceMs);
  });
  return Promise.race([work, patience]).finally(() => clearTimeout(timer));
}
