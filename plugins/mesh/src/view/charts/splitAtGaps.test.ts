import { splitAtGaps } from './splitAtGaps';

describe('splitAtGaps', () => {
  it('ends a segment where points are missing', () => {
    const segments = splitAtGaps([
      [0, 1],
      [30, 1],
      [60, 1],
      [200, 1],
      [230, 1],
    ]);
    expect(segments.map(segment => segment.map(([time]) => time))).toEqual([
      [0, 30, 60],
      [200, 230],
    ]);
  });
});
