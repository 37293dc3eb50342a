import { nearestTime, valueAt } from './moments';

const stable = {
  points: [
    [60, 1],
    [120, 2],
  ] as [number, number][],
};
const canary = { points: [[180, 3]] as [number, number][] };

describe('nearestTime', () => {
  it.each([
    [0, 60],
    [89, 60],
    [91, 120],
    [151, 180],
    [900, 180],
  ])('of %d among all series is %d', (time, nearest) => {
    expect(nearestTime([stable, canary], time)).toBe(nearest);
  });

  it('is none where nothing is known', () => {
    expect(nearestTime([{ points: [] }], 60)).toBeUndefined();
  });
});

describe('valueAt', () => {
  it('is what was known at that moment, not before or after it', () => {
    expect(valueAt(stable, 120)).toBe(2);
    expect(valueAt(canary, 120)).toBeUndefined();
  });
});
