import { otlpTrace } from './otlpTrace';
import { tempoSummary } from './tempoSummary';

const START = 1_767_000_000_000_123_456n;
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

const trace = (write: (hex: string) => string) => [
  {
    resource: {
      attributes: [
        { key: 'service.name', value: { stringValue: 'auth-service.orion' } },
        { key: 'k8s.pod.name', value: { stringValue: 'auth-1' } },
      ],
    },
    scopeSpans: [
      {
        spans: [
          {
            spanId: write('00000000000000aa'),
            name: 'GET /login',
            kind: 'SPAN_KIND_SERVER',
            startTimeUnixNano: String(START),
            endTimeUnixNano: String(START + 30_000_000n),
            attributes: [
              { key: 'http.status_code', value: { intValue: '503' } },
              { key: 'cached', value: { boolValue: false } },
            ],
            status: { code: 'STATUS_CODE_ERROR' },
          },
        ],
      },
    ],
  },
  {
    instrumentationLibrarySpans: [
      {
        spans: [
          {
            spanId: write('00000000000000bb'),
            parentSpanId: write('00000000000000aa'),
            name: 'query',
            kind: 3,
            startTimeUnixNano: Number(START) + 1_000_000,
            status: { code: 1 },
          },
        ],
      },
    ],
  },
];

describe('otlpTrace', () => {
  it.each([
    ['base64', base64],
    ['hexadecimal', (hex: string) => hex],
  ])('reads ids in %s digits, old scopes and missing parts', (_, write) => {
    expect(otlpTrace('t', trace(write)).view).toMatchObject({
      traceId: 't',
      start: '2025-12-29T09:20:00.000Z',
      durationMs: 30,
      spans: [
        {
          spanId: '00000000000000aa',
          parentSpanId: undefined,
          service: 'auth-service.orion',
          durationMs: 30,
          error: true,
          tags: {
            'http.status_code': '503',
            cached: 'false',
            'k8s.pod.name': 'auth-1',
            'span.kind': 'server',
            error: 'true',
          },
        },
        {
          spanId: '00000000000000bb',
          parentSpanId: '00000000000000aa',
          service: 'unknown',
          durationMs: 0,
          error: false,
          tags: { 'span.kind': 'client' },
        },
      ],
    });
  });

  it('has nothing to show of a trace without spans', () => {
    expect(otlpTrace('t', [{}, { scopeSpans: [{}] }])).toEqual({
      omittedSpans: 0,
    });
  });
});

describe('tempoSummary', () => {
  it('shows the first of the service’s own spans', () => {
    expect(
      tempoSummary(
        {
          traceID: 'abc',
          rootServiceName: 'gateway.istio-system',
          startTimeUnixNano: String(START),
          durationMs: 30,
          spanSets: [
            {
              matched: 2,
              spans: [
                { name: 'later', startTimeUnixNano: String(START + 9n) },
                {
                  name: 'POST /login',
                  startTimeUnixNano: String(START + 5n),
                  attributes: [
                    {
                      key: 'http.response.status_code',
                      value: { intValue: '403' },
                    },
                  ],
                },
              ],
            },
          ],
          serviceStats: {
            'gateway.istio-system': { spanCount: 1 },
            own: { spanCount: 4, errorCount: 1 },
          },
        },
        { serviceName: 'own' },
      ).summary,
    ).toEqual({
      traceId: `${'0'.repeat(29)}abc`,
      start: '2025-12-29T09:20:00.000Z',
      operation: 'POST /login',
      durationMs: 30,
      spans: 5,
      services: ['gateway.istio-system', 'own'],
      outcome: 'error',
      status: 403,
    });
  });

  it('tells of the service’s own spans what was asked, and what failed: a call before the answer', () => {
    const failing = (at: bigint, more: Record<string, string>) => ({
      startTimeUnixNano: String(START + at),
      attributes: Object.entries({
        status: 'error',
        'http.status_code': '503',
        ...more,
      }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    });
    const call = {
      response_flags: 'UH',
      upstream_cluster: 'outbound|80|canary|stock.shop.svc.cluster.local',
    };
    expect(
      tempoSummary(
        {
          traceID: 'abc',
          startTimeUnixNano: String(START),
          durationMs: 30,
          spanSets: [
            {
              spans: [
                failing(1n, {
                  'http.method': 'POST',
                  'http.url': 'http://shop/api/deals',
                }),
                failing(2n, call),
                failing(3n, call),
              ],
            },
          ],
        },
        { serviceName: 'deals.shop' },
      ).summary,
    ).toMatchObject({
      method: 'POST',
      path: '/api/deals',
      status: 503,
      failure: {
        service: 'stock.shop.svc.cluster.local',
        version: 'canary',
        caller: 'deals.shop',
        status: 503,
        flags: ['UH'],
        times: 2,
      },
    });
  });

  it('makes do with what Tempo 2.0 tells', () => {
    expect(
      tempoSummary(
        {
          traceID: 'abc',
          rootServiceName: 'a',
          rootTraceName: 'GET /',
          startTimeUnixNano: String(START),
        },
        { serviceName: 'own', errorsOnly: true },
      ).summary,
    ).toMatchObject({
      operation: 'GET /',
      services: ['a', 'own'],
      outcome: 'error',
      spans: 0,
    });
  });
});
