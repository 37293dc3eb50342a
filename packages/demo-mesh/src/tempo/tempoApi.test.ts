import request from 'supertest';
import { createJaegerApp } from '../jaeger/createJaegerApp';
import { examplePlatforms } from '../prometheus/__fixtures__/examplePlatforms';
import { createTempoApp } from './createTempoApp';
import { parseTraceQl } from './traceql/parseTraceQl';

const NOW = Date.UTC(2026, 0, 10, 12);
const WINDOW = { start: NOW / 1000 - 900, end: NOW / 1000 };
const SERVICE = 'resource.service.name = "auth-service.orion"';

function start(ids?: 'hex') {
  const { traffic } = examplePlatforms({ clock: () => NOW });
  return {
    tempo: request(createTempoApp({ traffic, ids })),
    jaeger: request(createJaegerApp({ traffic })),
  };
}

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
const spansIn = (batches: any[]): any[] =>
  batches.flatMap(batch => batch.scopeSpans).flatMap(scope => scope.spans);
const attribute = (owner: any, key: string) =>
  owner.attributes.find((candidate: any) => candidate.key === key)?.value
    .stringValue;

describe('the Tempo API over HTTP', () => {
  const { tempo, jaeger } = start();

  const search = async (q: string, more: object = {}) => {
    const { body } = await tempo
      .get('/api/search')
      .set('X-Scope-OrgID', 'demo')
      .query({ q, ...WINDOW, ...more })
      .expect(200);
    return body.traces as any[];
  };
  /** The spans that matched, whole. */
  const matched = async (q: string): Promise<any[]> => {
    const traces = await search(q, { limit: 5, spss: 100 });
    expect(traces).not.toHaveLength(0);
    const found = traces.map(async ({ traceID, spanSets }) => {
      const { body } = await tempo.get(`/api/traces/${traceID}`).expect(200);
      const wanted = spanSets[0].spans.map((span: any) => span.spanID);
      return body.batches.flatMap((batch: any) =>
        spansIn([batch])
          .filter((span: any) => wanted.includes(hex(span.spanId)))
          .map((span: any) => ({ ...span, resource: batch.resource })),
      );
    });
    return (await Promise.all(found)).flat();
  };

  it('has the same traces as Jaeger, in OpenTelemetry’s shape', async () => {
    const [found] = await search(`{ ${SERVICE} }`, { limit: 1 });
    const { body } = await tempo.get(`/api/traces/${found.traceID}`);
    const { body: v2 } = await tempo.get(`/api/v2/traces/${found.traceID}`);
    expect(v2.trace.resourceSpans).toEqual(body.batches);
    const { body: ofJaeger } = await jaeger.get(`/api/traces/${found.traceID}`);
    const [{ spans }] = ofJaeger.data;
    const described = spansIn(body.batches).map((span: any) => ({
      id: hex(span.spanId),
      trace: hex(span.traceId),
      parent: span.parentSpanId && hex(span.parentSpanId),
      name: span.name,
      kind: span.kind.replace('SPAN_KIND_', '').toLowerCase(),
      us: Number(
        (BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1000n,
      ),
      isFailed: span.status.code === 'STATUS_CODE_ERROR',
    }));
    expect(described).toHaveLength(spans.length);
    for (const span of spans) {
      const tag = (key: string) =>
        span.tags.find((candidate: any) => candidate.key === key)?.value;
      expect(described).toContainEqual({
        id: span.spanID,
        trace: span.traceID,
        parent: span.references[0]?.spanID,
        name: span.operationName,
        kind: tag('span.kind'),
        us: span.duration,
        isFailed: tag('error') === true,
      });
    }
    expect(found).toMatchObject({
      rootServiceName: 'istio-ingressgateway.istio-system',
      startTimeUnixNano: expect.stringMatching(/^\d{19}$/),
      durationMs: expect.any(Number),
      serviceStats: { 'auth-service.orion': { spanCount: expect.any(Number) } },
    });
  });

  it.each<[string, (span: any) => boolean]>([
    [
      `{ ${SERVICE} && kind = server }`,
      span =>
        attribute(span.resource, 'service.name') === 'auth-service.orion' &&
        span.kind === 'SPAN_KIND_SERVER',
    ],
    [
      `{ ${SERVICE} && status = error && span.http.status_code != "503" }`,
      span =>
        span.status.code === 'STATUS_CODE_ERROR' &&
        attribute(span, 'http.status_code') !== '503',
    ],
    [
      `{ ${SERVICE} && duration > 60ms }`,
      span =>
        BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano) >
        60_000_000n,
    ],
    [
      '{ .x-tenant-id = "initech" && name =~ ".*/api/auth/login.*" }',
      span =>
        attribute(span, 'x-tenant-id') === 'initech' &&
        span.name.includes('/api/auth/login'),
    ],
    [
      '{ resource.k8s.namespace.name = `orion` && !(span.http.method = "GET") && ("POST" = span.http.method || kind = internal) }',
      span => attribute(span, 'http.method') === 'POST',
    ],
  ])('%s finds such spans only', async (query, isAsked) => {
    expect((await matched(query)).filter(span => !isAsked(span))).toEqual([]);
  });

  it('tells of a matching span what the query asks for, and how many there are', async () => {
    const [trace] = await search(
      `{ ${SERVICE} && name != "x" && span.http.method = "POST" }`,
      { limit: 1, spss: 1 },
    );
    const [spanSet] = trace.spanSets;
    expect(spanSet.matched).toBeGreaterThan(1);
    expect(spanSet.spans).toEqual([
      {
        spanID: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: expect.any(String),
        startTimeUnixNano: expect.any(String),
        durationNanos: expect.any(String),
        attributes: [
          { key: 'service.name', value: { stringValue: 'auth-service.orion' } },
          { key: 'http.method', value: { stringValue: 'POST' } },
        ],
      },
    ]);
    expect(trace.spanSet).toEqual(spanSet);
  });

  it('reads escapes as Go does', () => {
    expect(parseTraceQl('{ span."a b" = "x\\"\\\\\\n\\u0041" }')).toEqual({
      type: 'comparison',
      field: { type: 'attribute', scope: 'span', name: 'a b' },
      operator: '=',
      literal: { type: 'string', value: 'x"\\\nA' },
    });
  });

  it.each<[string, string, RegExp]>([
    ['no end', '{ .foo = "bar" ', /line 1, col 16: .*unexpected \$end/],
    ['no scope', '{ foo = "bar" }', /col 3: .*unexpected IDENTIFIER/],
    ['an open quote', '{ .foo = "bar }', /literal not terminated/],
    ['no such escape', '{ .foo = "\\d" }', /invalid char escape/],
    ['another type', '{ status = "error" }', /same type: status = `error`/],
    ['no pattern', '{ name =~ "(" }', /error parsing regexp/],
    ['more than a filter', '{ .a = 1 } | count() > 2', /one filter/],
    ['too deep', `{ ${'('.repeat(500)} }`, /nested too deeply/],
  ])('refuses a query with %s', async (_, query, problem) => {
    const answer = await tempo.get('/api/search').query({ q: query });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/^invalid TraceQL query: /);
    expect(answer.text).toMatch(problem);
  });

  it.each([
    { limit: 0 },
    { spss: 1_000 },
    { start: 5, end: 4 },
    { start: 1, end: 1e9 },
    { start: 'x', end: 5 },
    { tags: 'service.name=x' },
  ])('refuses the parameters %j', async parameters => {
    const { status } = await tempo.get('/api/search').query(parameters);
    expect(status).toBe(400);
  });

  it('answers for a trace that is not there', async () => {
    const id = '0'.repeat(31);
    expect((await tempo.get(`/api/traces/${id}1`).expect(404)).text).toBe('');
    const { body } = await tempo.get(`/api/v2/traces/${id}1`).expect(200);
    expect(body.trace).toEqual({});
    const wrong = await tempo.get('/api/traces/12xz').expect(400);
    expect(wrong.text).toContain("invalid character 'x' at position 3");
  });

  it('lists tags and their values', async () => {
    const { body } = await tempo.get('/api/v2/search/tags').query(WINDOW);
    const tags = Object.fromEntries(
      body.scopes.map((scope: any) => [scope.name, scope.tags]),
    );
    expect(tags.resource).toContain('service.name');
    expect(tags.span).toContain('http.status_code');
    expect(tags.intrinsic).toContain('duration');
    const values = async (name: string, q?: string) =>
      (
        await tempo
          .get(`/api/v2/search/tag/${name}/values`)
          .query({ ...WINDOW, q })
      ).body.tagValues;
    expect(await values('resource.service.name')).toContainEqual({
      type: 'string',
      value: 'billing.orion',
    });
    expect(await values('span.http.method', `{ ${SERVICE} }`)).toContainEqual({
      type: 'string',
      value: 'POST',
    });
    expect(await values('status')).toContainEqual({
      type: 'keyword',
      value: 'error',
    });
  });

  it('can write ids in hexadecimal digits, and says that it is there', async () => {
    const other = start('hex').tempo;
    const { body } = await other
      .get('/api/search')
      .query({ q: `{ ${SERVICE} }`, ...WINDOW, limit: 1 });
    const [{ traceID }] = body.traces;
    const { body: trace } = await other.get(`/api/v2/traces/${traceID}`);
    const [span] = spansIn(trace.trace.resourceSpans);
    expect(span.traceId).toBe(traceID.padStart(32, '0'));
    expect((await other.get('/api/echo').expect(200)).text).toBe('echo');
    await other.get('/ready').expect(200);
    await other.get('/status/version').expect(200);
  });
});
