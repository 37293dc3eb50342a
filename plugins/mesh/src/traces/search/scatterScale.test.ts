import { tracesView } from '../../__fixtures__/views';
import { scatterScale } from './scatterScale';

const [one] = tracesView().traces;
const at = (start: string, durationMs: number) => ({
  ...one,
  start: `2026-11-20T12:${start}Z`,
  durationMs,
});

describe('scatterScale', () => {
  it('has a logarithmic axis that starts below the shortest and ends above the longest', () => {
    const scale = scatterScale([at('00:00', 3), at('10:00', 700)]);
    expect(scale.durationTicks[0]).toBe(2);
    expect(scale.y(2)).toBeCloseTo(0);
    expect(scale.y(1_000)).toBeCloseTo(1);
    expect(scale.y(20) - scale.y(2)).toBeCloseTo(scale.y(200) - scale.y(20));
    expect(scale.x(Date.parse('2026-11-20T12:05:00Z'))).toBeCloseTo(0.5);
  });

  it.each([0, 0.004, 1, 5, 1_000])('has room for one trace of %p ms', ms => {
    const scale = scatterScale([at('00:00', ms)]);
    const y = scale.y(ms);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(1);
    expect(scale.x(scale.from)).toBe(0.5);
    expect(scale.durationTicks.length).toBeGreaterThan(1);
  });

  it('has few ticks for many decades', () => {
    const scale = scatterScale([at('00:00', 0.01), at('01:00', 900_000)]);
    expect(scale.durationTicks.length).toBeLessThanOrEqual(6);
  });
});
