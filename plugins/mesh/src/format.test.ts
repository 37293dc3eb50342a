import { formatIn, formatObject } from './format';
import { viewInGerman } from './translations/german/view';
import { viewMessages } from './translations/english/view';

const english = formatIn(viewMessages.formats);

describe('rate', () => {
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
    expect(english.rate(rate)).toBe(text);
  });
});

describe('share', () => {
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
    expect(english.share(share)).toBe(text);
  });
});

describe('ms', () => {
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
    expect(english.ms(ms)).toBe(text);
  });
});

describe('age', () => {
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
    expect(english.age(age)).toBe(text);
  });
});

it('names the day of a moment that was not today', () => {
  const noon = new Date(2026, 10, 20, 12, 4, 11);
  expect(english.clock(noon.getTime())).toBe('12:04:11');
  expect(english.moment(noon.toISOString(), noon.getTime())).toBe('12:04:11');
  const nextDay = noon.getTime() + 86_400_000;
  expect(english.moment(noon.toISOString(), nextDay)).toBe('20 Nov 12:04:11');
});

it('counts in thousands, per second, in bytes and in days of the year', () => {
  expect(english.number(1_200)).toBe('1,200');
  expect(english.connections(2)).toBe('2 conn/s');
  expect(english.perSecond(0.2)).toBe('0.2 /s');
  expect(english.bytes(1_234)).toBe('1.2 kB/s');
  expect(english.bytes(12_345_678)).toBe('12 MB/s');
  expect(english.date('2026-11-19T12:00:00Z')).toBe('19 Nov 2026');
});

it('writes as the reader’s language does', () => {
  const german = formatIn({
    locale: viewInGerman['formats.locale'],
    requestsPerSecond: viewInGerman['formats.requestsPerSecond'],
    connectionsPerSecond: viewInGerman['formats.connectionsPerSecond'],
  });
  expect(german.rate(12_345.6)).toBe('12.346 Anfr./s');
  expect(german.share(0.897)).toBe('89,7 %');
  expect(german.share(0.0001)).toBe('< 0,1 %');
  expect(german.ms(1_250)).toBe('1,25 s');
  expect(german.age(345_600_000)).toBe('4 Tage');
  expect(german.date('2026-11-19T12:00:00Z')).toBe('19. Nov. 2026');
  const midnight = new Date(2026, 10, 20, 0, 4, 11);
  expect(german.clock(midnight.getTime())).toBe('00:04:11');
});

it('names objects with and without a namespace', () => {
  expect(formatObject({ kind: 'Gateway', namespace: 'a', name: 'b' })).toBe(
    'Gateway a/b',
  );
  expect(formatObject({ kind: 'Namespace', name: 'b' })).toBe('Namespace b');
});
