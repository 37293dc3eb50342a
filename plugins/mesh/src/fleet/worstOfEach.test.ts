import { worstOfEach } from './worstOfEach';

describe('worstOfEach', () => {
  const prometheus = { id: 'prometheus' as const };

  it('names the clusters that fail among several', () => {
    expect(
      worstOfEach([
        { ...prometheus, cluster: 'a', status: 'ok', asOf: 'now' },
        { ...prometheus, cluster: 'b', status: 'down', message: 'Gone.' },
        { ...prometheus, cluster: 'c', status: 'stale', asOf: 'then' },
        { id: 'kubernetes', cluster: 'a', status: 'ok', asOf: 'now' },
      ]),
    ).toEqual([
      { id: 'prometheus', status: 'down', message: 'b: Gone.' },
      { id: 'kubernetes', status: 'ok', asOf: 'now' },
    ]);
  });

  it('says once what is the same for all', () => {
    expect(
      worstOfEach([
        { ...prometheus, cluster: 'a', status: 'absent', message: 'Set it.' },
        { ...prometheus, cluster: 'b', status: 'absent', message: 'Set it.' },
      ]),
    ).toEqual([{ id: 'prometheus', status: 'absent', message: 'Set it.' }]);
  });
});
