import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { callerRows } from './callerRows';

const caller = (name: string, more: Partial<CallerView> = {}): CallerView => ({
  name,
  namespace: 'a',
  requestsPerSecond: 2,
  encrypted: 'yes',
  allowed: 'yes',
  allowedOperations: [],
  why: 'no policy restricts who may call',
  ...more,
});

describe('callerRows', () => {
  it('has each caller once, those turned away first, and probes beside them', () => {
    const rows = callerRows(
      [
        caller('web'),
        caller('refused', { deniedShare: 0.5 }),
        caller('plain', { encrypted: 'no' }),
        caller('outside', { namespace: 'unknown' }),
      ],
      {
        isStrict: false,
        isWatched: true,
        breaks: [
          { name: 'plain', namespace: 'a', kind: 'caller', why: 'no proxy' },
          { name: 'outside', kind: 'caller', why: 'seen in plain' },
          { name: 'probes of web', namespace: 'a', kind: 'probe', why: 'none' },
        ],
      },
    );
    expect(
      rows.map(row => [row.name, row.refusedPerSecond, row.blockedByStrict]),
    ).toEqual([
      ['refused', 1, undefined],
      ['plain', 0, 'no proxy'],
      ['outside', 0, 'seen in plain'],
      ['probes of web', 0, 'none'],
      ['web', 0, undefined],
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(5);
  });
});
