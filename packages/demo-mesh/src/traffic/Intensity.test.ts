import { Intensity } from './Intensity';

const ORIGIN = Date.UTC(2026, 0, 9, 12);
const HOUR = 3_600_000;

describe('Intensity', () => {
  const intensity = Intensity.create({
    id: 'a stream',
    day: { peakHourUtc: 14, trough: 0.4 },
    seed: 3,
    originMs: ORIGIN,
  });

  it('is strongest at the peak hour and weakest twelve hours later', () => {
    expect(intensity.at(ORIGIN + 2 * HOUR)).toBeCloseTo(1, 1);
    expect(intensity.at(ORIGIN + 14 * HOUR)).toBeCloseTo(0.4, 1);
  });

  it('integrates to the sum of its moments', () => {
    let sum = 0;
    for (let ms = ORIGIN; ms < ORIGIN + 3 * HOUR; ms += 1000) {
      sum += intensity.at(ms + 500);
    }
    expect(intensity.sinceOrigin(ORIGIN + 3 * HOUR) / sum).toBeCloseTo(1, 5);
    expect(intensity.sinceOrigin(ORIGIN)).toBe(0);
  });

  it('wobbles its own way for each stream', () => {
    const other = Intensity.create({
      id: 'another stream',
      day: { peakHourUtc: 14, trough: 0.4 },
      seed: 3,
      originMs: ORIGIN,
    });
    expect(other.at(ORIGIN)).not.toBe(intensity.at(ORIGIN));
  });
});
