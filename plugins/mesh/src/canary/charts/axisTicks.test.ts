import { timeTicks, valueTicks } from './axisTicks';

describe('valueTicks', () => {
  it.each([
    ['a few percent', 0.0211, 0.001, [0, 0.005, 0.01, 0.015, 0.02, 0.025]],
    ['less than a step', 0.0004, 0.001, [0, 0.001]],
    ['nothing', 0, 0.001, [0, 0.001]],
    ['two tenths of a percent', 0.002, 0.001, [0, 0.001, 0.002]],
    ['everything', 1, 0.001, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    ['milliseconds', 167, 1, [0, 50, 100, 150, 200]],
    ['seconds', 2400, 1, [0, 500, 1000, 1500, 2000, 2500]],
  ])('goes from zero past %s in even steps', (_, highest, finest, ticks) => {
    expect(valueTicks(highest, finest)).toEqual(ticks);
  });
});

describe('timeTicks', () => {
  it('takes round times', () => {
    const noon = Date.UTC(2026, 0, 5, 12) / 1000;
    expect(timeTicks([noon + 10, noon + 15 * 60])).toEqual([
      noon + 300,
      noon + 600,
      noon + 900,
    ]);
    expect(timeTicks([noon, noon + 24 * 3600])).toHaveLength(5);
    expect(timeTicks([noon + 10, noon + 20])).toEqual([]);
  });
});
