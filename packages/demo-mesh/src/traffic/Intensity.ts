import { hash32 } from './seededRandom';

const DAY_S = 86_400;
const MOST_KNOWN = 2_000;
const WOBBLES = [
  { periodS: 431, height: 0.021 },
  { periodS: 1_567, height: 0.028 },
];

interface Wave {
  height: number;
  /** Radians per second. */
  speed: number;
  phase: number;
}

/**
 * How strong a stream of requests is at a moment: 1 at the busiest hour, `trough` at the quietest, with a small wobble
 * of its own. A sum of waves, so that its integral, which is what counters show, has a closed form.
 */
export class Intensity {
  static create(options: {
    id: string;
    day: { peakHourUtc: number; trough: number };
    seed: number;
    /** Counters are 0 here. */
    originMs: number;
  }): Intensity {
    const { id, day, seed, originMs } = options;
    const daily: Wave = {
      height: (1 - day.trough) / 2,
      speed: (2 * Math.PI) / DAY_S,
      phase: Math.PI / 2 - (2 * Math.PI * day.peakHourUtc) / 24,
    };
    const wobbles = WOBBLES.map(({ periodS, height }, index) => ({
      height: height * day.trough,
      speed: (2 * Math.PI) / periodS,
      phase: (hash32(`${id}#${index}`, seed) / 0x1_0000_0000) * 2 * Math.PI,
    }));
    return new Intensity(
      id,
      (1 + day.trough) / 2,
      [daily, ...wobbles],
      originMs,
    );
  }

  private constructor(
    readonly id: string,
    private readonly mean: number,
    private readonly waves: readonly Wave[],
    private readonly originMs: number,
  ) {}

  at(timeMs: number): number {
    const seconds = timeMs / 1000;
    let value = this.mean;
    for (const { height, speed, phase } of this.waves) {
      value += height * Math.sin((seconds * speed + phase) % (2 * Math.PI));
    }
    return value;
  }

  /** Seconds at full strength that have passed since the origin. */
  sinceOrigin(timeMs: number): number {
    let value = this.known.get(timeMs);
    if (value === undefined) {
      value = this.antiderivative(timeMs) - this.antiderivative(this.originMs);
      if (this.known.size >= MOST_KNOWN) {
        this.known.clear();
      }
      this.known.set(timeMs, value);
    }
    return value;
  }

  /** Queries ask for the same scrape instants again and again, for each of a histogram's buckets. */
  private readonly known = new Map<number, number>();

  private antiderivative(timeMs: number): number {
    const seconds = timeMs / 1000;
    let value = (this.mean * (timeMs - this.originMs)) / 1000;
    for (const { height, speed, phase } of this.waves) {
      value -=
        (height / speed) * Math.cos((seconds * speed + phase) % (2 * Math.PI));
    }
    return value;
  }
}
