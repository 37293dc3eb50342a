import type { TraceView } from '@meshdeck/plugin-mesh-common';
import { loginTrace } from '../../__fixtures__/traces';
import { compareTraces } from './compareTraces';

function without(trace: TraceView, ...spanIds: string[]): TraceView {
  return {
    ...trace,
    spans: trace.spans.filter(({ spanId }) => !spanIds.includes(spanId)),
  };
}

describe('compareTraces', () => {
  it('puts first what differs most, and counts what happened several times', () => {
    const slow = loginTrace();
    const fast = without(loginTrace(), 'e', 'f');
    const rows = compareTraces(fast, slow);
    expect(rows[0]).toEqual({
      service: 'auth-service',
      operation: 'verify password',
      first: undefined,
      second: { spans: 1, totalMs: 96 },
      differenceMs: 96,
    });
    expect(rows[1]).toMatchObject({
      operation: 'SELECT users',
      first: { spans: 1, totalMs: 18 },
      second: { spans: 2, totalMs: 40 },
      differenceMs: 22,
    });
    expect(rows.slice(2).every(row => row.differenceMs === 0)).toBe(true);
  });
});
