import { DemoMesh } from '@meshdeck/demo-mesh';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { request } from 'http';
import { authService, AUTH } from './__testUtils__/authService';
import { eventually } from './__testUtils__/eventually';
import { closeServers, serve } from './__testUtils__/serve';
import { startDemoMesh, startPortal } from './__testUtils__/startPortal';

/** What a source is asked and does not answer; everything else it does. */
let refused: RegExp | undefined;

/** Stands before a source, and refuses some of its questions. */
function standingBefore(target: string): Promise<string> {
  return serve((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', chunk => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const asked = `${decodeURIComponent(incoming.url!)} ${new URLSearchParams(
        body.toString(),
      ).get('query')}`;
      if (refused?.test(asked)) {
        outgoing.statusCode = 422;
        outgoing.end('{"status":"error","error":"too many samples"}');
        return;
      }
      const { host: _host, ...headers } = incoming.headers;
      const onward = request(
        new URL(incoming.url!, target),
        { method: incoming.method, headers },
        answer => {
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.end(body);
    });
  });
}

describe('a source that refuses one of several questions', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [authService],
      config: {
        prometheus: { url: await standingBefore(mesh.urls.prometheus) },
        tracing: { url: await standingBefore(mesh.urls.jaeger) },
      },
    });
    await portal.get('auth-service', AUTH);
  });

  afterEach(() => {
    refused = undefined;
  });
  afterAll(async () => {
    portal.server.stop();
    closeServers();
    await mesh.stop();
  });

  const sourceOf = (sources: SourceStatus[], id: SourceStatus['id']) =>
    sources.find(source => source.id === id);

  /** Asks for a view until its source says what is expected. */
  const read = (
    path: string,
    expected: { id: SourceStatus['id']; status: string; message?: unknown },
    sourcesOf = (body: any): SourceStatus[] => body.sources,
  ) =>
    eventually(async () => {
      const { status, body } = path.startsWith('/fleet')
        ? await portal.getPath(path)
        : await portal.get('auth-service', `${AUTH}/${path}`);
      expect(status).toBe(200);
      expect(sourceOf(sourcesOf(body), expected.id)).toMatchObject(expected);
      return body;
    });

  it.each<[string, RegExp, string, (body: any) => unknown]>([
    [
      'overview',
      /\/alerts/,
      'alerts',
      body => body.requestsPerSecond.value > 0 && !body.alerts,
    ],
    [
      'overview',
      /histogram_quantile/,
      'trends(, trends of the day before)?',
      body => body.requestsPerSecond.value > 0 && body.alerts,
    ],
    [
      'routes',
      /ejections_active/,
      'ejected pods',
      body =>
        body.rules[0].destinations[0].liveShare > 0 &&
        body.counters.overflowsPerSecond !== undefined,
    ],
    [
      'routes',
      /\[1m\]\)\) by \(reporter/,
      'requests of now',
      body => body.callers.length > 0,
    ],
    [
      'canary',
      /container_cpu/,
      'usage of pods',
      body => body.versions.some((v: any) => v.requestsPerSecond.value > 0),
    ],
    [
      'canary',
      /histogram_quantile/,
      'trends of versions',
      body => body.versions.some((v: any) => v.liveShare > 0),
    ],
    [
      'topology',
      /istio_tcp_sent_bytes/,
      'bytes',
      body => body.edges.some((edge: any) => edge.requestsPerSecond > 0),
    ],
    [
      'topology',
      /histogram_quantile/,
      'latencies',
      body => body.edges.some((edge: any) => edge.requestsPerSecond > 0),
    ],
  ])(
    'shows on %s, and costs no more: %s',
    async (view, which, missing, rest) => {
      refused = which;
      const body = await read(view, {
        id: 'prometheus',
        status: 'partial',
        message: expect.stringMatching(
          new RegExp(`too many samples.* Missing here: ${missing}\\.$`),
        ),
      });
      expect(Boolean(rest(body))).toBe(true);
      refused = undefined;
      await read(view, { id: 'prometheus', status: 'ok' });
    },
  );

  it('shows on security, which asks one', async () => {
    refused = /istio_requests_total/;
    const body = await read('security', { id: 'prometheus', status: 'down' });
    expect(body.ports.length).toBeGreaterThan(0);
  });

  it('shows on traces, whose list stays', async () => {
    refused = /\/operations$|\/operations /;
    const body = await read('traces', {
      id: 'traces',
      status: 'partial',
      message: expect.stringContaining('Missing here: operations.'),
    });
    expect(body.traces.length).toBeGreaterThan(0);
  });

  it.each([
    [/histogram_quantile/, 'latencies'],
    [/reporter="source"/, 'answers on the way, calls past the waypoint'],
  ])('shows on the fleet, whose rows stay: %s', async (which, missing) => {
    refused = which;
    const body = await read('/fleet/services', {
      id: 'prometheus',
      status: 'partial',
      message: expect.stringContaining(`Missing here: ${missing}.`),
    });
    expect(body.summary.requestsPerSecond).toBeGreaterThan(0);
  });

  it.each([
    [/pilot_proxy_convergence/, 'convergence p99 ms'],
    [/citadel_server_root_cert/, undefined],
  ])('shows on the control planes: %s', async (which, missing) => {
    refused = which;
    await read(
      '/fleet/control-plane',
      {
        id: 'prometheus',
        status: 'partial',
        message: expect.stringContaining(
          missing ? `Missing here: ${missing}.` : 'too many samples',
        ),
      },
      body => body.clusters[0].sources,
    );
  });
});
