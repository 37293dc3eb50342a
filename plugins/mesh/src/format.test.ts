import {
  formatAge,
  formatClock,
  formatCount,
  formatMoment,
  formatMs,
  formatObject,
  formatRate,
  formatShare,
} from './format';

describe('formatRate', () => {
  it.each([
    [undefined, '–'],
    [0, '0 req/s'],
    [0.004, '< 0.01 req/s'],
    [0.2, '0.2 req/s'],
    [0.256, '0.26 req/s'],
    [84, '84 req/s'],
    [84.26, '84.3 req/s'],
    [120.4, '120 req/s'],
    [12_345.6, '12,346 req/s'],
  ])('shows %p as %p', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });
});

describe('formatShare', () => {
  it.each([
    [undefined, '–'],
    [0, '0 %'],
    [1, '100 %'],
    [0.897, '89.7 %'],
    [0.1, '10 %'],
    [0.0001, '< 0.1 %'],
    [0.9999, '> 99.9 %'],
    [0.9994, '99.9 %'],
  ])('shows %p as %p', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});

describe('formatMs', () => {
  it.each([
    [undefined, '–'],
    [0, '0 ms'],
    [0.25, '0.25 ms'],
    [4.24, '4.2 ms'],
    [84.4, '84 ms'],
    [999.4, '999 ms'],
    [999.9, '1 s'],
    [1_250, '1.25 s'],
    [59_999, '1 min'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
  ])('shows %p as %p', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});

describe('formatAge', () => {
  it.each([
    [-5, '0 s'],
    [12_000, '12 s'],
    [59_600, '1 min'],
    [180_000, '3 min'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
    [86_400_000, '1 day'],
    [345_600_000, '4 days'],
  ])('shows %p ms as %p', (age, text) => {
    expect(formatAge(age)).toBe(text);
  });
});

it('names the day of a moment that was not today', () => {
  const noon = new Date(2026, 10, 20, 12, 4, 11);
  expect(formatClock(noon.getTime())).toBe('12:04:11');
  expect(formatMoment(noon.toISOString(), noon.getTime())).toBe('12:04:11');
  const nextDay = noon.getTime() + 86_400_000;
  expect(formatMoment(noon.toISOString(), nextDay)).toBe('20 Nov 12:04:11');
});

it('counts in words', () => {
  expect(formatCount(1, 'pod')).toBe('1 pod');
  expect(formatCount(1_200, 'pod')).toBe('1,200 pods');
});

it('names objects with and without a namespace', () => {
  expect(formatObject({ kind: 'Gateway', namespace: 'a', name: 'b' })).toBe(
    'Gateway a/b',
  );
  expect(formatObject({ kind: 'Namespace', name: 'b' })).toBe('Namespace b');
});
