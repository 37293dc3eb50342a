import { RequestListener } from 'http';
import { closeServers, serve } from '../../__testUtils__/serve';
import { JaegerSource } from './JaegerSource';
import { TempoSource } from './TempoSource';
import type { TraceSource } from './TraceSource';

const NOW = Date.UTC(2026, 0, 10, 12);
const PERIOD = { from: NOW - 900_000, to: NOW };

/** What a span says of itself; all are called alike. */
interface Said {
  service: string;
  operation: string;
  namespace?: string;
}

/** Traces by id: in a shared tracing system, every team may have a service `shop`. */
const TRACES: Record<string, Said[]> = {
  aa: [
    { service: 'web', operation: 'GET /', namespace: 'orion' },
    { service: 'shop', operation: 'own', namespace: 'orion' },
    { service: 'db', operation: 'query' },
  ],
  bb: [
    { service: 'shop', operation: 'secret of others', namespace: 'rival' },
    { service: 'db', operation: 'query' },
  ],
  cc: [{ service: 'shop', operation: 'from nowhere' }],
};

const jaeger: RequestListener = (req, res) => {
  const url = new URL(req.url!, 'http://x');
  const id = /^\/api\/traces\/(\w+)$/.exec(url.pathname)?.[1];
  const written = (traceID: string) => ({
    traceID,
    processes: Object.fromEntries(
      TRACES[traceID].map(({ service, namespace }, at) => [
        `p${at}`,
        {
          serviceName: service,
          tags: namespace
            ? [{ key: 'k8s.namespace.name', value: namespace }]
            : [],
        },
      ]),
    ),
    spans: TRACES[traceID].map(({ operation }, at) => ({
      traceID,
      spanID: `${traceID}${at}`,
      operationName: operation,
      references: at
        ? [{ refType: 'CHILD_OF', spanID: `${traceID}${at - 1}` }]
        : [],
      startTime: NOW * 1000 + at,
      duration: 10,
      processID: `p${at}`,
    })),
  });
  const data = url.pathname.endsWith('/operations')
    ? Object.values(TRACES).flatMap(spans => spans.map(span => span.operation))
    : (id ? [id] : Object.keys(TRACES)).map(written);
  res.end(JSON.stringify({ data }));
};

/** Finds whatever fits the name and, where the question asks for it, the namespace. */
const tempo: RequestListener = (req, res) => {
  const url = new URL(req.url!, 'http://x');
  const question = url.searchParams.get('q') ?? '';
  const id = /^\/api\/v2\/traces\/(\w+)$/.exec(url.pathname)?.[1];
  const wanted = /\.k8s\.namespace\.name = "(\w+)"/.exec(question)?.[1];
  const fitting = (spans: Said[]) =>
    spans.filter(
      ({ service, namespace }) =>
        service === 'shop' && (!wanted || namespace === wanted),
    );
  if (id) {
    const resourceSpans = TRACES[id].map(
      ({ service, operation, namespace }, at) => ({
        resource: {
          attributes: [
            { key: 'service.name', value: { stringValue: service } },
            ...(namespace
              ? [
                  {
                    key: 'k8s.namespace.name',
                    value: { stringValue: namespace },
                  },
                ]
              : []),
          ],
        },
        scopeSpans: [
          {
            spans: [
              {
                spanId: `${at + 1}`.padStart(16, '0'),
                parentSpanId: at ? `${at}`.padStart(16, '0') : '',
                name: operation,
                startTimeUnixNano: `${NOW}000000`,
                endTimeUnixNano: `${NOW}001000`,
              },
            ],
          },
        ],
      }),
    );
    res.end(JSON.stringify({ trace: { resourceSpans } }));
  } else if (url.pathname.includes('/tag/')) {
    const tagValues = Object.values(TRACES)
      .flatMap(fitting)
      .map(({ operation }) => ({ value: operation }));
    res.end(JSON.stringify({ tagValues }));
  } else {
    const traces = Object.keys(TRACES)
      .filter(traceID => fitting(TRACES[traceID]).length > 0)
      .map(traceID => ({
        traceID,
        startTimeUnixNano: `${NOW}000000`,
        durationMs: 1,
        spanSets: [
          { spans: [{ name: fitting(TRACES[traceID])[0].operation }] },
        ],
      }));
    res.end(JSON.stringify({ traces }));
  }
};

describe.each([
  ['jaeger', JaegerSource, jaeger],
  ['tempo', TempoSource, tempo],
] as const)('traces of others in %s', (type, Source, listener) => {
  const own = { serviceName: 'shop', namespace: 'orion' };
  let source: TraceSource;

  beforeAll(async () => {
    source = Source.create({
      endpoint: {
        url: await serve(listener),
        headers: {},
        type,
        serviceName: '{app}',
      },
      deadlineMs: 5000,
      now: () => NOW,
    });
  });
  afterAll(closeServers);

  it.each(['bb', 'cc'])('are not shown by their id: %s', async id => {
    await expect(source.trace(id, 'orion')).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('are neither listed nor counted, and their operations are not named', async () => {
    expect(await source.trace('aa', 'orion')).toMatchObject({
      spans: expect.arrayContaining([
        expect.objectContaining({ operation: 'own' }),
      ]),
    });
    const { traces, more } = await source.search({
      ...own,
      ...PERIOD,
      limit: 10,
    });
    expect(traces.map(({ operation }) => operation)).toEqual(['own']);
    expect(more).toBe(false);
    expect(await source.operations(own)).toEqual(['own']);
    expect(await source.dependencies(own, PERIOD)).toEqual({
      traces: 1,
      callers: [{ service: 'web', calls: 1, errors: 0 }],
      callees: [{ service: 'db', calls: 1, errors: 0 }],
    });
  });
});
