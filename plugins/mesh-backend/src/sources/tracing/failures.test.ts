import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { failuresOf } from './failures';

const INVENTORY = 'inventory-service.autolytiq.svc.cluster.local';

function span(
  spanId: string,
  parentSpanId: string | undefined,
  service: string,
  more: {
    status?: number;
    flags?: string;
    to?: string;
    version?: string;
    error?: boolean;
    startMs?: number;
  },
): TraceSpan {
  const { status, flags, to, version, startMs = 0 } = more;
  const tags: [string, string | undefined][] = [
    ['http.status_code', status?.toString()],
    ['response_flags', flags],
    ['upstream_cluster', to && `outbound|80|${to}`],
    ['istio.canonical_revision', version],
  ];
  return {
    spanId,
    parentSpanId,
    service,
    operation: 'op',
    startMs,
    durationMs: 1,
    error: more.error ?? (status ?? 0) >= 500,
    critical: false,
    tags: Object.fromEntries(
      tags.filter((tag): tag is [string, string] => tag[1] !== undefined),
    ),
  };
}

const CANARY = { status: 503, flags: 'UH', to: `canary|${INVENTORY}` };

describe('failuresOf', () => {
  it('finds the calls that reached no pod under those who passed the 503 on, and counts them', () => {
    const { failed, failure } = failuresOf([
      span('gateway', undefined, 'gateway', {
        status: 503,
        to: '|deal-service.autolytiq.svc.cluster.local',
      }),
      span('deal', 'gateway', 'deal-service', { status: 503 }),
      // The application's own span does not say how it ended.
      span('app', 'deal', 'deal-service', {}),
      span('one', 'app', 'deal-service', { ...CANARY, startMs: 1 }),
      span('two', 'app', 'deal-service', { ...CANARY, startMs: 2 }),
    ]);
    expect(Object.fromEntries(failed)).toEqual({
      gateway: 'because',
      deal: 'because',
      one: 'first',
      two: 'first',
    });
    expect(failure).toEqual({
      spanId: 'one',
      service: INVENTORY,
      version: 'canary',
      caller: 'deal-service',
      status: 503,
      flags: ['UH'],
      times: 2,
    });
  });

  it('blames the caller’s time limit, not the server that was left alone', () => {
    const { failed, failure } = failuresOf([
      span('client', undefined, 'api', {
        status: 504,
        flags: 'UT',
        to: `|${INVENTORY}`,
      }),
      span('server', 'client', 'inventory-service', {
        status: 0,
        flags: 'DC',
        error: true,
      }),
    ]);
    expect(failed.get('client')).toBe('first');
    expect(failed.get('server')).toBe('because');
    expect(failure).toMatchObject({ status: 504, flags: ['UT'] });
  });

  it('blames nobody else where a client went away and nothing failed', () => {
    const { failure } = failuresOf([
      span('server', undefined, 'api', { status: 0, flags: 'DC', error: true }),
    ]);
    expect(failure).toMatchObject({ service: 'api', flags: ['DC'] });
  });

  it('prefers what the answer failed of to what was made good before', () => {
    const { failed, failure } = failuresOf([
      span('root', undefined, 'api', { status: 500 }),
      span('retried', 'root', 'api', { status: 200, startMs: 1 }),
      span('attempt', 'retried', 'prices', { status: 503, startMs: 2 }),
      span('decisive', 'root', 'stock', {
        status: 500,
        startMs: 5,
        version: 'v2',
      }),
    ]);
    expect(failed.get('attempt')).toBe('first');
    expect(failed.get('root')).toBe('because');
    expect(failure).toMatchObject({
      service: 'stock',
      version: 'v2',
      times: 1,
    });
  });

  it('names a failure that was made good where there is no other', () => {
    expect(
      failuresOf([
        span('root', undefined, 'api', { status: 200 }),
        span('attempt', 'root', 'prices', { status: 503 }),
      ]).failure,
    ).toMatchObject({ spanId: 'attempt', service: 'prices' });
  });

  it('takes the version of an application’s span from its proxy’s', () => {
    expect(
      failuresOf([
        span('proxy', undefined, 'stock', { status: 500, version: 'canary' }),
        span('app', 'proxy', 'stock', { status: 500 }),
      ]).failure,
    ).toMatchObject({ spanId: 'app', service: 'stock', version: 'canary' });
  });

  it('says nothing of a trace in which nothing failed', () => {
    const { failed, failure } = failuresOf([
      span('root', undefined, 'api', { status: 404 }),
    ]);
    expect(failed.size).toBe(0);
    expect(failure).toBeUndefined();
  });
});
