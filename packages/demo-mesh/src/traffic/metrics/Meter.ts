import type { Intensity } from '../Intensity';
import type { Labels } from './labels';
import type { MeterKind } from './meters';

/** Amounts per second at the intensity 1, by the stream of requests that causes them. */
export type MeterRates = ReadonlyMap<Intensity, Float64Array>;

/** A stretch of time with the same rates. */
interface Segment {
  fromMs: number;
  base: Float64Array;
  rates: readonly {
    intensity: Intensity;
    amounts: Float64Array;
    sinceOrigin: number;
  }[];
}

/**
 * Counters with the same labels. Their value at any time has a closed form: what had been counted when the rates last
 * changed, plus rate times the integral of the intensity since. So they only grow, and are the same on every run.
 */
export class Meter {
  static create(options: {
    kind: MeterKind;
    labels: Labels;
    fromMs: number;
    size: number;
  }): Meter {
    return new Meter(
      options.kind,
      options.labels,
      options.fromMs,
      options.size,
    );
  }

  private readonly segments: Segment[] = [];

  private constructor(
    readonly kind: MeterKind,
    readonly labels: Labels,
    /** There are no samples before. */
    readonly fromMs: number,
    /** How many counters. */
    readonly size: number,
  ) {}

  /** From now on the counters grow like this. Without rates they stand still. */
  continueWith(fromMs: number, rates: MeterRates): void {
    const last = this.segments[this.segments.length - 1];
    if (last && sameRates(last, rates)) {
      return;
    }
    const base = new Float64Array(this.size);
    for (let slot = 0; slot < this.size; slot++) {
      base[slot] = this.valueAt(slot, fromMs);
    }
    this.segments.push({
      fromMs,
      base,
      rates: [...rates].map(([intensity, amounts]) => ({
        intensity,
        amounts,
        sinceOrigin: intensity.sinceOrigin(fromMs),
      })),
    });
  }

  valueAt(slot: number, timeMs: number): number {
    const segment = this.segmentAt(timeMs);
    if (!segment) {
      return 0;
    }
    let value = segment.base[slot];
    for (const { intensity, amounts, sinceOrigin } of segment.rates) {
      if (amounts[slot] !== 0) {
        value += amounts[slot] * (intensity.sinceOrigin(timeMs) - sinceOrigin);
      }
    }
    return value;
  }

  private segmentAt(timeMs: number): Segment | undefined {
    for (let at = this.segments.length - 1; at >= 0; at--) {
      if (this.segments[at].fromMs <= timeMs) {
        return this.segments[at];
      }
    }
    return undefined;
  }
}

function sameRates(segment: Segment, rates: MeterRates): boolean {
  return (
    segment.rates.length === rates.size &&
    segment.rates.every(({ intensity, amounts }) => {
      const other = rates.get(intensity);
      return other?.every((amount, slot) => amount === amounts[slot]) ?? false;
    })
  );
}
