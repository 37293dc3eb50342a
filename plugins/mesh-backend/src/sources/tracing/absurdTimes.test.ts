import { jaegerTrace } from './jaegerTrace';
import { otlpTrace } from './otlpTrace';
import { tempoSummary } from './tempoSummary';

const NOW_MS = Date.UTC(2026, 0, 10, 12);
const NOW_US = NOW_MS * 1000;
const DAY_US = 86_400_000_000;

/** As a broken clock or exporter writes it: start and duration in microseconds. */
const ABSURD: [string, unknown, unknown][] = [
  ['a negative duration', NOW_US, -1],
  ['a duration of 1e300', NOW_US, 1e300],
  ['a duration that is text', NOW_US, '10'],
  ['no duration', NOW_US, undefined],
  ['a start before 1970', -NOW_US, 10],
  ['a start in 1970', 0, 10],
  ['a start in the year 9999', Date.UTC(9999, 0) * 1000, 10],
  ['a start of 1e300', 1e300, 10],
  ['a start that is text', String(NOW_US), 10],
  ['a start that is no number', NaN, 10],
  ['a start months away from the others', NOW_US - 90 * DAY_US, 10],
];

const jaeger = (times: [unknown, unknown][]) =>
  jaegerTrace({
    traceID: 't',
    processes: { p: { serviceName: 'shop.orion' } },
    spans: times.map(([startTime, duration], at) => ({
      traceID: 't',
      spanID: String(at),
      operationName: `span ${at}`,
      startTime: startTime as number,
      duration: duration as number,
      processID: 'p',
    })),
  });

const nanos = (us: unknown) =>
  typeof us === 'number' && Number.isSafeInteger(us) && us >= 0
    ? `${us}000`
    : us;
const otlp = (times: [unknown, unknown][]) =>
  otlpTrace('t', [
    {
      scopeSpans: [
        {
          spans: times.map(([start, end], at) => ({
            spanId: String(at + 1).padStart(16, '0'),
            name: `span ${at}`,
            startTimeUnixNano: nanos(start) as string,
            endTimeUnixNano: nanos(end) as string,
          })),
        },
      ],
    },
  ]);

const GOOD: [unknown, unknown][] = [
  [NOW_US, 5000],
  [NOW_US + 1000, 2000],
];

describe('a span with an impossible time', () => {
  it.each(ABSURD)('is left out alone: %s', (_name, start, duration) => {
    const { view, omittedSpans } = jaeger([
      GOOD[0],
      [start, duration],
      GOOD[1],
    ]);
    expect(omittedSpans).toBe(1);
    expect(view).toMatchObject({
      start: new Date(NOW_MS).toISOString(),
      durationMs: 5,
      omittedSpans: 1,
    });
    expect(view!.spans.map(({ operation }) => operation)).toEqual([
      'span 0',
      'span 2',
    ]);
  });

  it.each([
    ['an end before its start', NOW_US, NOW_US - 1],
    ['an end in the year 9999', NOW_US, Date.UTC(9999, 0) * 1000],
    ['an end that is text', NOW_US, 'soon'],
    ['a start that is text', 'just now', NOW_US],
    ['a start of 1e300', 1e300, NOW_US],
    ['no start', undefined, NOW_US],
  ])('is left out alone in OpenTelemetry’s words: %s', (_name, start, end) => {
    const { view, omittedSpans } = otlp([
      [NOW_US, NOW_US + 5000],
      [start, end],
    ]);
    expect([omittedSpans, view?.spans.length, view?.durationMs]).toEqual([
      1, 1, 5,
    ]);
  });

  it('is no reason to hide one that never ended, or a whole trace', () => {
    expect(otlp([[NOW_US, undefined]]).view?.spans[0].durationMs).toBe(0);
    expect(jaeger(GOOD)).toMatchObject({ omittedSpans: 0 });
    expect(jaeger(GOOD).view).not.toHaveProperty('omittedSpans');
    expect(jaeger([[NaN, NaN]])).toEqual({ omittedSpans: 1 });
  });
});

describe('what is no span', () => {
  it('is left out, whatever it is', () => {
    const broken: any[] = [undefined, null, 7, 'span', {}, { spanID: 1 }];
    const { view, omittedSpans } = jaegerTrace({
      traceID: 't',
      processes: { p: { serviceName: 'shop.orion', tags: 7 as any } },
      spans: [
        ...broken,
        {
          spanID: 'good',
          operationName: 7,
          references: 'none',
          tags: { a: 1 },
          startTime: NOW_US,
          duration: 1,
          processID: 'p',
        },
      ],
    });
    expect(omittedSpans).toBe(broken.length);
    expect(view?.spans).toEqual([expect.objectContaining({ operation: '7' })]);
    const strange: any[] = [null, 7, { scopeSpans: 7 }, { scopeSpans: [null] }];
    expect(otlpTrace('t', strange)).toEqual({ omittedSpans: 0 });
  });
});

describe('a line of Tempo’s list', () => {
  const found = (times: object, own: object[] = []): any => ({
    traceID: 'ab',
    rootTraceName: 'GET /',
    ...times,
    spanSets: [{ spans: own }],
  });
  const asked = { serviceName: 'shop.orion' };

  it.each([
    { startTimeUnixNano: `${Date.UTC(9999, 0)}000000`, durationMs: 1 },
    { startTimeUnixNano: 'soon', durationMs: 1 },
    { startTimeUnixNano: `${NOW_MS}000000`, durationMs: 1e300 },
    { startTimeUnixNano: `${NOW_MS}000000`, durationMs: -5 },
    { startTimeUnixNano: `${NOW_MS}000000`, durationMs: 'long' },
  ])('with %j goes by the service’s own span', times => {
    const own = {
      name: 'own',
      startTimeUnixNano: `${NOW_MS}000000`,
      durationNanos: '7000000',
    };
    expect(tempoSummary(found(times, [own]), asked)).toMatchObject({
      isWhole: false,
      summary: {
        start: new Date(NOW_MS).toISOString(),
        durationMs: 7,
        operation: 'own',
      },
    });
    // Where that tells nothing either, the line is left out and counted; the others stay.
    expect(tempoSummary(found(times), asked)).toEqual({ isWhole: false });
  });

  it.each([[null], [{}], [{ traceID: 7 }], [{ traceID: 'a', spanSets: 7 }]])(
    'is left out where it is none: %j',
    broken => {
      expect(tempoSummary(broken as any, asked)).toEqual({ isWhole: false });
    },
  );
});
