import type { TraceFailure, TraceSummary } from '@meshdeck/plugin-mesh-common';
import { tracesVerdict, type TracesFacts } from './tracesVerdict';

const NOW = Date.UTC(2026, 0, 10, 12);

const UNREACHED: TraceFailure = {
  service: 'inventory-service.autolytiq.svc.cluster.local',
  version: 'canary',
  caller: 'deal-service.autolytiq',
  status: 503,
  flags: ['UH'],
  times: 9,
};

const trace = (
  secondsAgo: number,
  more: Partial<TraceSummary> = {},
): TraceSummary => ({
  traceId: `t${secondsAgo}`,
  start: new Date(NOW - secondsAgo * 1000).toISOString(),
  operation: 'POST /api/deals',
  durationMs: 12,
  spans: 3,
  services: ['deal-service.autolytiq'],
  outcome: 'ok',
  status: 200,
  ...more,
});

const failed = (secondsAgo: number, failure: Partial<TraceFailure> = {}) =>
  trace(secondsAgo, {
    outcome: 'error',
    status: 503,
    failure: { ...UNREACHED, ...failure },
  });

const said = (facts: Partial<TracesFacts>) =>
  tracesVerdict({
    source: { id: 'traces', status: 'ok' },
    traces: [],
    more: false,
    window: '15m',
    query: { limit: 50 },
    serviceName: 'deal-service.autolytiq',
    namespace: 'autolytiq',
    now: NOW,
    ...facts,
  });

describe('tracesVerdict', () => {
  it('says of how short a time the newest traces are', () => {
    expect(said({ traces: [trace(1), trace(4)], more: true })).toEqual({
      level: 'ok',
      sentence: '2 traces of the last 4 s; 0 failed.',
    });
  });

  it('speaks of the whole window where there are no more', () => {
    expect(said({ traces: [trace(4)] }).sentence).toBe(
      '1 trace of the last 15 min; 0 failed.',
    );
    expect(said({ traces: [trace(4)], window: '6h' }).sentence).toBe(
      '1 trace of the last 6 h; 0 failed.',
    );
  });

  it('names what they failed of, the commonest first', () => {
    expect(
      said({
        traces: [
          trace(1),
          failed(2, {
            service: 'deal-service.autolytiq',
            version: undefined,
            status: 500,
            flags: [],
          }),
          failed(3),
          failed(4),
        ],
      }),
    ).toEqual({
      level: 'warning',
      sentence:
        '4 traces of the last 15 min; 3 failed: 2 × inventory-service [canary] 503 UH, 1 × deal-service 500.',
    });
  });

  it('does not count failures among failures', () => {
    expect(
      said({
        traces: [1, 2, 3, 4, 5].map(status =>
          failed(status, { status: 500 + status }),
        ),
        query: { errorsOnly: true },
      }).sentence,
    ).toBe(
      '5 traces with errors of the last 15 min: 1 × inventory-service [canary] 501 UH, 1 × inventory-service [canary] 502 UH, 1 × inventory-service [canary] 503 UH, 2 otherwise.',
    );
  });

  it('tells a failed call that was made good from a failed trace', () => {
    expect(said({ traces: [trace(1), { ...failed(2), status: 200 }] })).toEqual(
      {
        level: 'ok',
        sentence:
          '2 traces of the last 15 min; 0 failed, 1 more had a failed call but a good answer: 1 × inventory-service [canary] 503 UH.',
      },
    );
  });

  it('does not take no trace for a good sign, and says why there may be none', () => {
    expect(said({})).toEqual({
      level: 'unknown',
      sentence:
        'There is no trace of deal-service of the last 15 min: nobody called it, or the mesh samples none of its requests.',
    });
  });

  it.each([{ errorsOnly: true }, { minDurationMs: 5 }, { version: 'canary' }])(
    'says that nothing fits %j',
    query => {
      expect(said({ query })).toEqual({
        level: 'unknown',
        sentence: 'No trace of the last 15 min fits these filters.',
      });
    },
  );

  it('says why the tracing system cannot be read', () => {
    expect(
      said({
        traces: undefined,
        source: { id: 'traces', status: 'down', message: 'It timed out.' },
      }),
    ).toEqual({ level: 'unknown', sentence: 'It timed out.' });
  });
});
