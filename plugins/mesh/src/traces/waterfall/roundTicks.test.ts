import { roundTicks } from './roundTicks';

describe('roundTicks', () => {
  it.each([
    [536, [0, 100, 200, 300, 400, 500]],
    [500, [0, 100, 200, 300, 400, 500]],
    [184, [0, 50, 100, 150]],
    [9, [0, 2, 4, 6, 8]],
    [4_120, [0, 1_000, 2_000, 3_000, 4_000]],
    [90_000, [0, 20_000, 40_000, 60_000, 80_000]],
  ])('of %p ms', (durationMs, ticks) => {
    expect(roundTicks(durationMs)).toEqual(ticks);
  });

  it.each([0.001, 0.7, 1, 99, 100.4, 12_345, 604_800_000])(
    'of %p ms are few, and not beyond the end',
    durationMs => {
      const ticks = roundTicks(durationMs);
      expect(ticks.length).toBeGreaterThan(2);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks[ticks.length - 1]).toBeLessThanOrEqual(durationMs * 1.001);
    },
  );
});
