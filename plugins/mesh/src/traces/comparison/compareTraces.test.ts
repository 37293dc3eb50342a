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
  it('counts what happened several times, or in one of them only', () => {
    const slow = loginTrace();
    const fast = without(loginTrace(), 'e', 'f');
    const rows = compareTraces(fast, slow, 'orion');
    expect(rows).toContainEqual({
      service: 'auth-service',
      operation: 'verify password',
      first: undefined,
      second: { spans: 1, ownMs: 96 },
      differenceMs: 96,
    });
    expect(rows).toContainEqual({
      service: 'user-db',
      operation: 'SELECT users',
      first: { spans: 1, ownMs: 18 },
      second: { spans: 2, ownMs: 40 },
      differenceMs: 22,
    });
  });

  it('blames the one that was slow, not those who waited for it', () => {
    const fast = loginTrace();
    const slow = loginTrace();
    // The last step took 100 ms longer, and so did all above it.
    for (const span of slow.spans) {
      if ('abdh'.includes(span.spanId)) span.durationMs += 100;
    }
    const [first, ...others] = compareTraces(fast, slow, 'orion');
    expect(first).toMatchObject({ operation: 'sign token', differenceMs: 100 });
    for (const { differenceMs } of others) {
      expect(differenceMs).toBeCloseTo(0);
    }
  });
});
