import type { TraceView } from '@meshdeck/plugin-mesh-common';
import { loginTrace } from '../__fixtures__/traces';
import { compareTraces } from './compareTraces';
import { longestGap } from './longestGap';
import { meshAction } from './meshAction';

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

describe('longestGap', () => {
  it('finds the time in a span that none below it explains', () => {
    const { spans } = without(loginTrace(), 'e');
    expect(longestGap(spans)).toMatchObject({
      span: { spanId: 'd' },
      startMs: 9,
      durationMs: 101,
    });
  });

  it('does not take overlapping spans, nor spans that outlive their parent, for gaps', () => {
    const [root, child] = loginTrace().spans;
    const below = { ...child, parentSpanId: root.spanId };
    expect(
      longestGap([
        root,
        { ...below, spanId: 'x', startMs: 0, durationMs: 100 },
        { ...below, spanId: 'y', startMs: 50, durationMs: 500 },
      ]),
    ).toBeUndefined();
  });
});

describe('meshAction', () => {
  const host = 'auth-service.orion.svc.cluster.local';
  it.each([
    ['an inbound span', { upstream_cluster: 'inbound|8080||' }, undefined],
    ['the application’s own', { 'http.method': 'GET' }, undefined],
    [
      'a subset',
      { upstream_cluster: `outbound|8080|canary|${host}`, response_flags: '-' },
      { host, subset: 'canary', flags: [], tab: 'routes' },
    ],
    [
      'a full pool',
      { 'upstream_cluster.name': `outbound|80||${host}`, response_flags: 'UO' },
      { host, subset: undefined, flags: ['UO'], tab: 'routes' },
    ],
    [
      'a route that nobody has',
      { response_flags: 'NR' },
      { host: undefined, flags: ['NR'], tab: 'routes' },
    ],
    [
      'a policy',
      { response_code_details: 'rbac_access_denied_matched_policy[none]' },
      { isRefused: true, refusedBy: 'none', tab: 'security' },
    ],
  ])('reads %s', (_, tags, expected) => {
    const action = meshAction(tags as Record<string, string>);
    if (expected) expect(action).toMatchObject(expected);
    else expect(action).toBeUndefined();
  });
});
