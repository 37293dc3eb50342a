import { Latency } from './Latency';

describe('Latency', () => {
  const latency = Latency.create({ p50Ms: 20, p99Ms: 90 });

  it('has the quantiles it was made from', () => {
    expect(latency.cdf(20)).toBeCloseTo(0.5, 4);
    expect(latency.cdf(90)).toBeCloseTo(0.99, 4);
  });

  it('holds nothing at or above a cap, and its mean shrinks', () => {
    const capped = latency.below(50)!;
    expect(capped.cdf(50)).toBe(1);
    expect(capped.cdf(20)).toBeCloseTo(0.5 / latency.cdf(50), 4);
    expect(capped.meanMs).toBeLessThan(latency.meanMs);
  });

  it('draws samples whose mean is its mean', () => {
    const mixed = Latency.mixture([
      { share: 3, latency },
      { share: 1, latency: latency.plus(100).below(160)! },
    ]);
    const count = 4_000;
    let sum = 0;
    for (let index = 0; index < count; index++) {
      sum += mixed.sampleMs((index * 0.618034) % 1, (index + 0.5) / count);
    }
    expect(sum / count / mixed.meanMs).toBeCloseTo(1, 1);
  });
});
