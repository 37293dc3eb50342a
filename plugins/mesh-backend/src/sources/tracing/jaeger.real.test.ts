import type { DemoMesh } from '@meshdeck/demo-mesh';
import type {
  TraceQuery,
  TraceSpan,
  TraceView,
} from '@meshdeck/plugin-mesh-common';
import { randomBytes, randomInt } from 'crypto';
import { readFileSync } from 'fs';
import { eventually } from '../../__testUtils__/eventually';
import { TRACE_QUERIES, tracingTrial } from '../../__testUtils__/tracingTrial';
import type { TraceSource } from './TraceSource';

/** Where the real mesh sends its spans to, and Jaeger is asked; undefined where there is none. */
function realJaeger() {
  const file = process.env.MESHDECK_REAL_MESH_STATE;
  const url: string | undefined = file
    ? JSON.parse(readFileSync(file, 'utf8')).jaegerUrl
    : undefined;
  return url ? { url, otlpUrl: url.replace(/:\d+$/, ':4318') } : undefined;
}

const real = realJaeger();
const describeReal = real ? describe : describe.skip;
/** At another time in each run: Jaeger forgets nothing. The demo mesh knows its traces again for some years. */
const HOURS_AGO = 100 + randomInt(15_000);
const trial = tracingTrial(Date.now() - HOURS_AGO * 3_600_000);
const { service, period, search } = trial;

jest.setTimeout(120_000);

/** Jaeger itself, given by OpenTelemetry's protocol what the demo mesh tells. */
describeReal('a real Jaeger', () => {
  let mesh: DemoMesh;
  let jaeger: TraceSource;
  /** All that it was given. */
  let given: TraceView[];

  const idsFound = async (query: TraceQuery) =>
    (
      await jaeger.search({ ...query, ...service, ...period, limit: 100 })
    ).traces
      .map(({ traceId }) => traceId)
      .sort();

  beforeAll(async () => {
    mesh = await trial.startMesh();
    const demo = trial.jaegerAt(mesh.urls.jaeger);
    const found = await Promise.all(
      [{}, { errorsOnly: true }].map(query => search(demo, query)),
    );
    const summaries = found
      .flatMap(({ traces }) => traces)
      .sort((a, b) => a.start.localeCompare(b.start));
    const ids = [...new Set(summaries.map(({ traceId }) => traceId))];
    for (const id of ids) {
      const { trace } = await json(`${mesh.urls.tempo}/api/v2/traces/${id}`);
      await json(`${real!.otlpUrl}/v1/traces`, trace);
    }
    given = await Promise.all(ids.map(id => demo.trace(id, 'orion')));
    jaeger = trial.jaegerAt(real!.url);
    await eventually(async () => {
      const { length } = await idsFound({});
      if (length < ids.length) {
        throw new Error(`Jaeger has ${length} of ${ids.length} traces`);
      }
    });
  });

  afterAll(() => mesh.stop());

  const idsExpected = (query: TraceQuery) =>
    given
      .filter(({ spans }) => spans.some(isSought(query)))
      .map(({ traceId }) => traceId)
      .sort();

  it.each(TRACE_QUERIES)('finds %s', async (name, query) => {
    const ids = await idsFound(query);
    expect(ids).toEqual(idsExpected(query));
    expect(ids.length > 0).toBe(!name.startsWith('none'));
  });

  it('knows the operations, and finds by each of them', async () => {
    const operations = await jaeger.operations(service);
    for (const { operation } of given
      .flatMap(({ spans }) => spans)
      .filter(isSought({}))) {
      expect(operations).toContain(operation);
    }
    for (const operation of operations) {
      expect(await idsFound({ operation })).toEqual(idsExpected({ operation }));
    }
  });

  it('says that there are more', async () => {
    expect(given.length).toBeGreaterThan(15);
    const { traces, more } = await search(jaeger, {});
    expect(traces).toHaveLength(15);
    expect(more).toBe(true);
  });

  it('shows each trace, span by span', async () => {
    for (const expected of given) {
      const { spans } = await jaeger.trace(expected.traceId, 'orion');
      expect(spans).toHaveLength(expected.spans.length);
      spans.forEach((span, index) => {
        const { tags, startMs, durationMs, ...rest } = expected.spans[index];
        // What the demo mesh tells of a process has other names in OpenTelemetry.
        const { hostname, ...own } = tags;
        expect(span).toMatchObject(rest);
        expect(span.tags).toMatchObject({ ...own, 'k8s.pod.name': hostname });
        expect(span.startMs).toBeCloseTo(startMs, 1);
        expect(span.durationMs).toBeCloseTo(durationMs, 1);
      });
    }
  });

  it('tells callers and callees', async () => {
    const { traces, callers, callees } = await jaeger.dependencies(
      service,
      period,
    );
    expect(traces).toBe(10);
    expect(callers.map(one => one.service)).toContain('gateway-service.orion');
    expect(callees.map(one => one.service)).toContain('user-service.orion');
  });

  it('keeps quiet about what is not there, and about what is another’s', async () => {
    const cases = [
      { id: randomBytes(16).toString('hex'), namespace: 'orion' },
      { id: given[0].traceId, namespace: 'somebody-else' },
    ];
    for (const { id, namespace } of cases) {
      await expect(jaeger.trace(id, namespace)).rejects.toMatchObject({
        name: 'NotFoundError',
        message: expect.stringContaining(`There is no trace ${id}`),
      });
    }
    const serviceName = 'nobody.orion';
    expect(await jaeger.operations({ ...service, serviceName })).toEqual([]);
    expect(
      await jaeger.search({ ...service, serviceName, ...period, limit: 5 }),
    ).toMatchObject({ traces: [], more: false });
  });
});

/** Whether a span of the service is what a query is for. */
function isSought({ tags = {}, ...query }: TraceQuery) {
  const { error, ...others } = tags;
  return (span: TraceSpan): boolean =>
    span.service === service.serviceName &&
    (!query.errorsOnly || span.error) &&
    (error === undefined || String(span.error) === error) &&
    (query.operation === undefined || span.operation === query.operation) &&
    span.durationMs >= (query.minDurationMs ?? 0) &&
    Object.entries(others).every(([name, value]) => span.tags[name] === value);
}

async function json(url: string, body?: object): Promise<any> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${url}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}
