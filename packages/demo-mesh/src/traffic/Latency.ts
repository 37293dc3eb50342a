import { normalCdf, normalQuantile } from './normalDistribution';

/** The upper bounds of Istio's request duration histogram, in milliseconds. */
export const DURATION_BUCKETS_MS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
  60_000, 300_000, 600_000, 1_800_000, 3_600_000,
] as const;

const Z99 = 2.326347874;
/** Rarer parts are left out, so that mixtures of mixtures stay small. */
const NEGLIGIBLE_SHARE = 1e-6;

/** A log-normal that starts at `shiftMs` and, where it is capped, holds only what is below the cap. */
interface Component {
  share: number;
  mu: number;
  sigma: number;
  shiftMs: number;
  capMs: number;
}

/** How long a class of requests takes: a mixture of shifted log-normals. Immutable. */
export class Latency {
  static create(quantiles: { p50Ms: number; p99Ms: number }): Latency {
    const { p50Ms, p99Ms } = quantiles;
    return new Latency([
      {
        share: 1,
        mu: Math.log(p50Ms),
        sigma: Math.max(Math.log(p99Ms / p50Ms) / Z99, 0.01),
        shiftMs: 0,
        capMs: Infinity,
      },
    ]);
  }

  /** Everything takes (nearly) the same time. */
  static fixed(ms: number): Latency {
    return Latency.create({ p50Ms: ms, p99Ms: ms * 1.02 });
  }

  static mixture(
    parts: readonly { share: number; latency: Latency }[],
  ): Latency {
    const total = parts.reduce((sum, part) => sum + part.share, 0);
    return new Latency(
      parts
        .filter(part => part.share / total > NEGLIGIBLE_SHARE)
        .flatMap(part =>
          part.latency.components.map(component => ({
            ...component,
            share: (component.share * part.share) / total,
          })),
        ),
    );
  }

  private shares?: Float64Array;

  private constructor(private readonly components: readonly Component[]) {}

  plus(ms: number): Latency {
    return ms === 0
      ? this
      : new Latency(
          this.components.map(component => ({
            ...component,
            shiftMs: component.shiftMs + ms,
            capMs: component.capMs + ms,
          })),
        );
  }

  /** Only those that take less than `ms`; undefined if there are none. */
  below(ms: number): Latency | undefined {
    const kept = this.components
      .map(component => ({
        ...component,
        share: component.share * cdf(component, ms),
        capMs: Math.min(component.capMs, ms),
      }))
      .filter(component => component.share > NEGLIGIBLE_SHARE);
    const total = kept.reduce((sum, component) => sum + component.share, 0);
    return kept.length === 0
      ? undefined
      : new Latency(
          kept.map(component => ({
            ...component,
            share: component.share / total,
          })),
        );
  }

  /** The share of requests that take at most `ms`. */
  cdf(ms: number): number {
    return this.components.reduce(
      (sum, component) => sum + component.share * cdf(component, ms),
      0,
    );
  }

  get meanMs(): number {
    return this.components.reduce(
      (sum, component) => sum + component.share * meanOf(component),
      0,
    );
  }

  /** The share at or below each bound of the histogram. */
  bucketShares(): Float64Array {
    this.shares ??= Float64Array.from(DURATION_BUCKETS_MS, bound =>
      this.cdf(bound),
    );
    return this.shares;
  }

  /** One request's time, for two independent numbers from 0 to 1. */
  sampleMs(choice: number, position: number): number {
    let left = choice;
    let chosen = this.components[this.components.length - 1];
    for (const component of this.components) {
      left -= component.share;
      if (left <= 0) {
        chosen = component;
        break;
      }
    }
    const { mu, sigma, shiftMs } = chosen;
    const p = Math.min(Math.max(position, 1e-6), 1 - 1e-6) * massOf(chosen);
    return shiftMs + Math.exp(mu + sigma * normalQuantile(p));
  }
}

/** The share of the uncapped log-normal that is below the cap. */
function massOf({ mu, sigma, shiftMs, capMs }: Component): number {
  return capMs === Infinity
    ? 1
    : normalCdf((Math.log(capMs - shiftMs) - mu) / sigma);
}

function cdf(component: Component, ms: number): number {
  const { mu, sigma, shiftMs, capMs } = component;
  if (ms <= shiftMs) {
    return 0;
  }
  if (ms >= capMs) {
    return 1;
  }
  return Math.min(
    normalCdf((Math.log(ms - shiftMs) - mu) / sigma) / massOf(component),
    1,
  );
}

function meanOf(component: Component): number {
  const { mu, sigma, shiftMs, capMs } = component;
  const whole = Math.exp(mu + (sigma * sigma) / 2);
  if (capMs === Infinity) {
    return shiftMs + whole;
  }
  const z = (Math.log(capMs - shiftMs) - mu - sigma * sigma) / sigma;
  return shiftMs + (whole * normalCdf(z)) / massOf(component);
}
