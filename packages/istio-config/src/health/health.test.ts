import { replicaCountsOf, replicaHealth } from './replicaHealth';
import { serviceHealth } from './serviceHealth';
import { tolerancesFor } from './tolerances';

const http = (byCode: Record<string, number>) => ({
  direction: 'inbound' as const,
  protocol: 'http' as const,
  byCode,
});
const grpc = (byCode: Record<string, number>) => ({
  ...http(byCode),
  protocol: 'grpc' as const,
});
const pods = (
  desired: number,
  current: number,
  available: number,
  updated = desired,
) => ({ name: 'a-v1', desired, current, available, updated });

describe('requests', () => {
  it.each([
    ['no requests', [], 'unknown', undefined],
    ['only successes', [http({ 200: 9, 301: 1 })], 'healthy', 0],
    ['any 5xx', [http({ 200: 99.9, 503: 0.1 })], 'degraded', 0.1],
    ['a tenth 5xx', [http({ 200: 9, 500: 1 })], 'failing', 10],
    ['a few 4xx', [http({ 200: 95, 404: 5 })], 'healthy', 5],
    ['a tenth 4xx', [http({ 200: 9, 404: 1 })], 'degraded', 10],
    ['a fifth 4xx', [http({ 200: 8, 404: 2 })], 'failing', 20],
    ['a gRPC error', [grpc({ 0: 99, 14: 1 })], 'degraded', 1],
    ['gRPC’s highest code', [grpc({ 0: 1, 16: 1 })], 'failing', 50],
    ['no response at all', [http({ 200: 9, '-': 1 })], 'failing', 10],
    [
      'the worse of two protocols',
      [http({ 200: 1 }), grpc({ 0: 1, 2: 1 })],
      'failing',
      50,
    ],
  ])('%s', (_name, rates, status, errorPercent) => {
    const health = serviceHealth({ rates });
    expect(health.status).toBe(status);
    expect(health.errorPercent ?? -1).toBeCloseTo(errorPercent ?? -1, 9);
  });

  it('says why', () => {
    expect(serviceHealth({ rates: [http({ 200: 95, 500: 5 })] }).reason).toBe(
      '5 % of its inbound http requests end in 5XX (degraded from 0 %, failing from 10 %)',
    );
  });
});

describe('tolerances', () => {
  const object = { namespace: 'orion', kind: 'service', name: 'auth' };
  const strict = {
    code: '4XX',
    protocol: 'http',
    direction: 'inbound',
    degraded: 1,
    failure: 2,
  };
  const configs = [
    { namespace: 'ori.*', kind: 'service', name: '^a', tolerance: [strict] },
    { tolerance: [] },
  ];
  it.each([
    ['the first configuration that fits', object, configs, [strict]],
    ['one without expressions', { ...object, name: 'b' }, configs, []],
    [
      'the object’s annotation',
      {
        ...object,
        annotations: { 'health.kiali.io/rate': '404,5,10,http,inbound' },
      },
      configs,
      [
        {
          code: '404',
          degraded: 5,
          failure: 10,
          protocol: 'http',
          direction: 'inbound',
        },
      ],
    ],
    [
      'not an annotation that cannot be read',
      { ...object, annotations: { 'health.kiali.io/rate': '404,x' } },
      configs,
      [strict],
    ],
    [
      'not a pattern that is none',
      object,
      [{ name: '(', tolerance: [] }, ...configs],
      [strict],
    ],
  ])('are those of %s', (_name, asked, given, expected) => {
    expect(tolerancesFor(asked, given)).toEqual(expected);
  });

  it('answers at once for a hostile pattern', () => {
    const started = Date.now();
    tolerancesFor({ ...object, name: 'a'.repeat(5000) }, [
      { name: '(a+)+$b', tolerance: [] },
    ]);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

describe('replicas', () => {
  it.each([
    ['all there', pods(3, 3, 3), 'healthy'],
    ['a surge pod during an update', pods(3, 4, 3, 1), 'healthy'],
    ['a surge pod that is available too', pods(3, 4, 4, 2), 'healthy'],
    ['some missing', pods(3, 3, 2), 'degraded'],
    ['none available', pods(3, 3, 0), 'failing'],
    ['scaled to zero', pods(0, 0, 0), 'idle'],
    ['on its way to zero', pods(0, 2, 1), 'idle'],
    ['far more than an update may add', pods(3, 9, 9), 'degraded'],
  ])('%s: %j is %s', (_name, counts, status) => {
    expect(replicaHealth(counts).status).toBe(status);
  });

  it.each([
    [pods(1, 3, 1), /^3 pods where 1 is desired, /],
    [pods(2, 5, 2), /^5 pods where 2 are desired, /],
    [pods(1, 2, 1, 0), /^an update is under way: the one is available, /],
    [pods(3, 4, 3, 1), /^an update is under way: all 3 are available, /],
  ])('%j, in words', (counts, says) => {
    expect(replicaHealth(counts).reason.replace(/^a-v1: /, '')).toMatch(says);
  });

  it('are read from a Deployment', () => {
    expect(
      replicaCountsOf({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a' },
        spec: { replicas: 2, strategy: { rollingUpdate: { maxSurge: 1 } } },
        status: { replicas: 3, availableReplicas: 2, updatedReplicas: 1 },
      }),
    ).toEqual({
      name: 'a',
      desired: 2,
      current: 3,
      available: 2,
      updated: 1,
      maxSurge: 1,
    });
  });
});

describe('serviceHealth', () => {
  const thresholds = { quantile: 0.95, degradedMs: 300, failureMs: 1000 };
  it.each([
    [
      'a slow service',
      { latency: { measuredMs: 400, thresholds } },
      'degraded',
      'p95 is 400 ms, over 300 ms',
    ],
    [
      'a very slow one',
      { latency: { measuredMs: 1500, thresholds } },
      'failing',
      'p95 is 1.5 s, over 1 s',
    ],
    [
      'a fast one',
      { latency: { measuredMs: 10, thresholds } },
      'healthy',
      'p95 is 10 ms',
    ],
    [
      'the worst of everything',
      { rates: [http({ 200: 1 })], replicas: [pods(2, 2, 1)] },
      'degraded',
      'a-v1: 1 of 2 pods available',
    ],
    [
      'a version scaled to zero beside one that runs',
      { replicas: [pods(0, 0, 0), pods(1, 1, 1)] },
      'healthy',
      'a-v1: 1 of 1 pod available',
    ],
    [
      'nothing but zero',
      { rates: [], replicas: [pods(0, 0, 0)] },
      'idle',
      'a-v1: scaled to zero',
    ],
    ['nothing at all', {}, 'unknown', 'nothing is known of it'],
  ])('%s', (_name, inputs, status, reason) => {
    expect(serviceHealth(inputs)).toMatchObject({ status, reason });
  });
});
