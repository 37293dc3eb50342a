import type { DemoMesh } from '@meshdeck/demo-mesh';
import { createServer } from 'http';
import { AddressInfo } from 'net';
import { AUTH, VIEWS, authService } from '../__testUtils__/authService';
import { DirectAccess } from '../__testUtils__/DirectAccess';
import { eventually } from '../__testUtils__/eventually';
import { madeUpRule } from '../__testUtils__/ruleNames';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';

const ENTITIES = [authService];

let mesh: DemoMesh;

beforeAll(async () => {
  mesh = await startDemoMesh();
});

afterAll(() => mesh.stop());

describe('sources that fail', () => {
  const htmlServer = () =>
    new Promise<{ url: string; close: () => void }>(resolve => {
      const server = createServer((_req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/html' });
        res.end('<html>Sign in</html>');
      });
      server.listen(0, '127.0.0.1', () =>
        resolve({
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          close: () => server.close(),
        }),
      );
    });

  it('cost their own part only: a Prometheus and a Jaeger that answer HTML', async () => {
    const html = await htmlServer();
    const portal = await startPortal({
      mesh,
      entities: ENTITIES,
      config: { prometheus: { url: html.url }, tracing: { url: html.url } },
    });
    for (const view of VIEWS) {
      const { status, body } = await portal.get(
        'auth-service',
        `${AUTH}/${view}`,
      );
      expect(status).toBe(200);
      expect(body.sources).toContainEqual({
        id: view === 'traces' ? 'traces' : 'prometheus',
        status: 'down',
        message: expect.stringMatching(
          /a web page instead of data .*mesh\.(prometheus|tracing)\.url/,
        ),
      });
    }
    const { body } = await portal.get('auth-service', `${AUTH}/routes`);
    expect(body.rules[0].destinations[0]).toMatchObject({
      configuredShare: expect.any(Number),
      pods: 3,
    });
    portal.server.stop();
    html.close();
  });

  it('are named as absent where nothing is configured', async () => {
    const portal = await startPortal({
      mesh,
      entities: ENTITIES,
      config: { prometheus: undefined, tracing: undefined },
    });
    const { body } = await portal.get('auth-service', `${AUTH}/overview`);
    expect(body.sources[1]).toMatchObject({
      status: 'absent',
      message: expect.stringContaining('mesh.prometheus.url'),
    });
    portal.server.stop();
  });

  it('a cluster that goes away leaves its last state, says since when, and comes back', async () => {
    const own = await startDemoMesh();
    const portal = await startPortal({ mesh: own, entities: ENTITIES });
    const kubernetes = async () => {
      const { status, body } = await portal.get(
        'auth-service',
        `${AUTH}/routes`,
      );
      expect(status).toBe(200);
      return body;
    };
    expect((await kubernetes()).sources[0].status).toBe('ok');
    await own.kubernetes.stop();
    await eventually(async () => {
      const body = await kubernetes();
      expect(body.sources[0]).toMatchObject({
        status: 'stale',
        since: expect.any(String),
      });
      expect(body.rules).toHaveLength(3);
    });
    const refused = await portal.postTo(
      'auth-service',
      `${AUTH}/canary/preview`,
      { rule: madeUpRule(), weights: { stable: 100 } },
    );
    expect([refused.status, refused.body.error.message]).toEqual([
      400,
      expect.stringContaining('Nothing was changed'),
    ]);
    await own.kubernetes.start();
    const direct = DirectAccess.create({ demo: { url: own.urls.kubernetes } });
    await direct.request('demo', {
      method: 'PATCH',
      path: '/apis/networking.istio.io/v1/namespaces/orion/virtualservices/auth-service',
      headers: { 'Content-Type': 'application/json-patch+json' },
      body: JSON.stringify([
        { op: 'replace', path: '/spec/http/0/timeout', value: '7s' },
      ]),
    });
    await eventually(async () => {
      const body = await kubernetes();
      expect(body.sources[0].status).toBe('ok');
      expect(body.rules[0].treatment).toContain('times out after 7 s');
    });
    portal.server.stop();
    await own.stop();
  });
});
