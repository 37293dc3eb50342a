import {
  describeDuration,
  formatDuration,
  parseDurationMs,
  parseDurationNanos,
} from './duration';

describe('Go durations', () => {
  it.each([
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['0.5s', 500],
    ['1h', 3_600_000],
    ['250us', 0.25],
    ['.5s', 500],
    ['+1s', 1000],
    ['0', 0],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it('knows those that are negative', () => {
    expect(parseDurationNanos('-1.5ms')).toBe(-1_500_000);
  });

  it.each([undefined, '', '10', 's', '-1s', '1 s', 10])(
    'does not take %j for one',
    text => {
      expect(parseDurationMs(text)).toBeUndefined();
    },
  );

  it.each([
    [30_000, '30s', '30 s'],
    [1500, '1.5s', '1.5 s'],
    [100, '0.1s', '100 ms'],
    [0.001, '0.000001s', '0 ms'],
    [90_000, '90s', '1 min 30 s'],
    [3_600_000, '3600s', '1 h'],
  ])('writes %d ms for programs and for people', (ms, text, words) => {
    expect(formatDuration(ms)).toBe(text);
    expect(describeDuration(ms)).toBe(words);
    expect(parseDurationMs(text)).toBeCloseTo(ms, 6);
  });
});
