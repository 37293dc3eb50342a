import { readTrafficProfile } from './readTrafficProfile';

describe('readTrafficProfile', () => {
  it.each([
    ['entries: 3', /entries must be a list/],
    [
      'entries: [{from: {namespace: a, workload: b}, to: c, request: GET /}]',
      /entries\[0\]\.to must be namespace\/name/,
    ],
    [
      'services: [{service: a/b, versions: [{version: v1, errorRate: 2, p50Ms: 1, p99Ms: 2}]}]',
      /errorRate must be a number from 0 to 1/,
    ],
    [
      'services: [{service: a/b, calls: [{during: login, to: a/c, request: GET /}]}]',
      /during must be a method and a path/,
    ],
  ])('refuses %s with its place', (text, message) => {
    expect(() => readTrafficProfile('test', text)).toThrow(message);
  });

  it('fills in what an empty file leaves out', () => {
    expect(readTrafficProfile('test', '')).toMatchObject({
      day: { peakHourUtc: 14, trough: 0.5 },
      entries: [],
      services: [],
    });
  });
});
