import type { DemoMesh } from '@meshdeck/demo-mesh';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { TRACE_QUERIES, tracingTrial } from '../../__testUtils__/tracingTrial';
import { TempoSource } from './TempoSource';
import type { TraceSource } from './TraceSource';

const trial = tracingTrial(Date.UTC(2026, 0, 10, 12));
const { service: SERVICE, period: PERIOD, search } = trial;

jest.setTimeout(60_000);

describe.each(['base64', 'hex'] as const)(
  'Jaeger and Tempo with %s ids, asked the same',
  tempoIds => {
    let mesh: DemoMesh;
    let jaeger: TraceSource;
    let tempo: TraceSource;

    beforeAll(async () => {
      mesh = await trial.startMesh(tempoIds);
      jaeger = trial.jaegerAt(mesh.urls.jaeger);
      tempo = TempoSource.create({
        endpoint: {
          headers: {},
          serviceName: '{app}.{namespace}',
          url: mesh.urls.tempo,
          type: 'tempo',
        },
        deadlineMs: 20_000,
        now: trial.clock,
      });
    });

    afterAll(() => mesh.stop());

    /** What both can know; Tempo counts durations in whole milliseconds. */
    const comparable = (traces: TraceSummary[]) =>
      traces
        .map(({ traceId, start, durationMs, spans, services, outcome }) => ({
          traceId,
          start,
          spans,
          outcome,
          durationMs: Math.floor(durationMs),
          services: [...services].sort(),
        }))
        .sort((a, b) => a.traceId.localeCompare(b.traceId));

    it.each(TRACE_QUERIES)('find the same traces: %s', async (name, query) => {
      const [ofJaeger, ofTempo] = await Promise.all([
        search(jaeger, query),
        search(tempo, query),
      ]);
      expect(comparable(ofTempo.traces)).toEqual(comparable(ofJaeger.traces));
      expect(ofTempo.more).toBe(ofJaeger.more);
      expect(ofTempo.traces.length > 0).toBe(!name.startsWith('none'));
    });

    it('tell, as far as Jaeger can, which requests failed and of what', async () => {
      const { traces } = await search(jaeger, { errorsOnly: true });
      expect(traces.length).toBeGreaterThan(0);
      for (const { method, path, failure } of traces) {
        expect(`${method} ${path}`).toMatch(/^(GET|POST) \/.+/);
        expect(failure?.times).toBeGreaterThan(0);
        expect(failure?.status ?? failure?.flags.length).toBeTruthy();
      }
    });

    it('know the same operations, and find by each of them', async () => {
      const operations = await jaeger.operations(SERVICE);
      expect(operations.length).toBeGreaterThan(1);
      const known = await tempo.operations(SERVICE);
      expect(operations).toEqual(expect.arrayContaining(known));
      expect(known.length).toBeGreaterThan(0);
      for (const operation of known.slice(0, 3)) {
        const [ofJaeger, ofTempo] = await Promise.all([
          search(jaeger, { operation }),
          search(tempo, { operation }),
        ]);
        expect(ofTempo.traces.length).toBeGreaterThan(0);
        expect(comparable(ofTempo.traces)).toEqual(comparable(ofJaeger.traces));
        expect(new Set(ofTempo.traces.map(trace => trace.operation))).toEqual(
          new Set([operation]),
        );
      }
    });

    it('show the same trace, span by span', async () => {
      const { traces } = await search(jaeger, { tags: { component: 'proxy' } });
      const { traceId } = traces[0];
      const [ofJaeger, ofTempo] = await Promise.all([
        jaeger.trace(traceId, 'orion'),
        tempo.trace(traceId, 'orion'),
      ]);
      expect(ofTempo.spans).toHaveLength(ofJaeger.spans.length);
      ofTempo.spans.forEach((span, index) => {
        const { tags, startMs, durationMs, ...rest } = ofJaeger.spans[index];
        // What Jaeger tells of a process has other names in OpenTelemetry.
        const { hostname, ...own } = tags;
        expect(hostname).toBe(span.tags['k8s.pod.name']);
        expect(span).toMatchObject(rest);
        expect(span.tags).toMatchObject(own);
        expect(span.startMs).toBeCloseTo(startMs, 1);
        expect(span.durationMs).toBeCloseTo(durationMs, 1);
      });
    });

    it('count the same callers and callees', async () => {
      const [ofJaeger, ofTempo] = await Promise.all([
        jaeger.dependencies(SERVICE, PERIOD),
        tempo.dependencies(SERVICE, PERIOD),
      ]);
      expect(ofTempo).toEqual(ofJaeger);
      expect(ofJaeger.traces).toBe(10);
      expect(ofJaeger.callers.map(({ service }) => service)).toContain(
        'gateway-service.orion',
      );
    });

    it.each(['trace of another namespace', 'trace that never was'])(
      'keep quiet about a %s',
      async which => {
        const { traces } = await search(jaeger, {});
        const [traceId, namespace] = which.includes('another')
          ? [traces[0].traceId, 'somebody-else']
          : ['0123456789abcdef0123456789abcdef', 'orion'];
        for (const source of [jaeger, tempo]) {
          await expect(source.trace(traceId, namespace)).rejects.toMatchObject({
            name: 'NotFoundError',
            message: expect.stringContaining(`There is no trace ${traceId}`),
          });
        }
      },
    );
  },
);
