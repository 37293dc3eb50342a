import { unbrokenRuns } from './unbrokenRuns';

describe('unbrokenRuns', () => {
  it('end where points are missing', () => {
    const runs = unbrokenRuns([
      [0, 1],
      [30, 1],
      [60, 1],
      [200, 1],
      [230, 1],
    ]);
    expect(runs.map(run => run.map(([time]) => time))).toEqual([
      [0, 30, 60],
      [200, 230],
    ]);
  });
});
