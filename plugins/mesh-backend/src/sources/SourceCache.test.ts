import fc from 'fast-check';
import { RefreshPeriod } from './RefreshPeriod';
import { roughBytes } from './roughBytes';
import { SourceCache } from './SourceCache';

const KILOBYTE = 1024;

describe('SourceCache', () => {
  const period = RefreshPeriod.create({ periodMs: 60_000, now: () => 0 });

  it('keeps no more bytes than it may, however few answers they are', async () => {
    const mostBytes = 1000 * KILOBYTE;
    const cache = SourceCache.create({ period, mostBytes });
    for (let at = 0; at < 100; at++) {
      await cache.answer({ scope: 'a', question: String(at) }, async () =>
        'x'.repeat(100 * KILOBYTE),
      );
    }
    expect(cache.bytes).toBeLessThanOrEqual(mostBytes);
    expect(cache.bytes).toBeGreaterThan(mostBytes / 2);
  });

  it('counts what is asked, too: a question may be longer than its answer', async () => {
    const mostBytes = 100 * KILOBYTE;
    const cache = SourceCache.create({ period, mostBytes });
    for (let at = 0; at < 100; at++) {
      const question = `${at}`.padEnd(20 * KILOBYTE);
      await cache.answer({ scope: 'a', question }, async () => 1);
    }
    expect(cache.bytes).toBeLessThanOrEqual(mostBytes);
  });

  it('answers what is larger than all it may keep, and does not keep it', async () => {
    const cache = SourceCache.create({ period, mostBytes: 50 * KILOBYTE });
    const large = 'x'.repeat(100 * KILOBYTE);
    const answer = await cache.answer(
      { scope: 'a', question: 'b' },
      async () => large,
    );
    expect(answer).toBe(large);
    expect(cache.bytes).toBe(0);
  });
});

describe('roughBytes', () => {
  it('is about as much as the text of a value, never nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), value => {
        const bytes = roughBytes(value);
        expect(Number.isInteger(bytes)).toBe(true);
        expect(bytes).toBeGreaterThanOrEqual(
          Math.min(JSON.stringify(value).length / 4, 16),
        );
      }),
    );
  });

  it('knows a long list by some of its elements, and ends in whatever depth', () => {
    const points = Array.from({ length: 100_000 }, (_, at) => [at, at / 3]);
    const all = points.length * roughBytes(points[0]);
    expect(roughBytes(points) / all).toBeCloseTo(1, 2);
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) {
      deep = [deep];
    }
    expect(roughBytes(deep)).toBeLessThan(KILOBYTE);
  });
});
