import { Agent, get as getOverTls } from 'node:https';
import { join } from 'node:path';
import request from 'supertest';
import { createControlApp } from '../createControlApp';
import { DemoMesh } from '../DemoMesh';

const ORION = join(__dirname, '../../../../examples/platforms/orion');
const WATCH =
  '/api/v1/namespaces/orion/services?watch=true&allowWatchBookmarks=true';

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

describe('the sources of a stand-in cluster', () => {
  let mesh: DemoMesh;
  let controls: ReturnType<typeof request>;

  beforeEach(async () => {
    mesh = await DemoMesh.start({ platforms: [ORION] });
    controls = request(createControlApp(mesh));
  });
  afterEach(() => mesh.stop());

  const fault = (source: string, kind: string) =>
    controls.post(`/faults/${source}`).send({ kind });

  describe('count their requests', () => {
    it('by source, those to Kubernetes by kind, until they are reset', async () => {
      const api = request(mesh.urls.kubernetes);
      await api.get('/api/v1/pods?limit=5').expect(200);
      await api.get('/api/v1/namespaces/orion').expect(200);
      await api.get('/apis').expect(200);
      await api.delete('/api/v1/namespaces/orion/services/billing').expect(200);
      await fetch(`${mesh.urls.prometheus}/-/ready`);
      await fetch(`${mesh.urls.jaeger}/api/services`);
      const watch = await fetch(mesh.urls.kubernetes + WATCH);
      const { body } = await controls.get('/requests').expect(200);
      expect(body).toEqual({
        kubernetes: {
          total: 5,
          list: 1,
          watch: 1,
          get: 1,
          write: 1,
          discovery: 1,
        },
        prometheus: 1,
        tracing: 1,
        kiali: 0,
      });
      await watch.body?.cancel();
      await controls.post('/requests/reset').expect(200);
      expect(mesh.requests().kubernetes.total).toBe(0);
    });

    it('and keep queries as they were sent', async () => {
      const prometheus = request(mesh.urls.prometheus);
      await prometheus.get('/api/v1/query?query=up&time=1').expect(200);
      const { body: answer } = await prometheus
        .post('/api/v1/query')
        .type('form')
        .send({ query: 'sum(up)' });
      expect(answer.status).toBe('success');
      const { body } = await controls.get('/requests/log?source=prometheus');
      expect(body.requests).toEqual([
        {
          method: 'GET',
          url: `${mesh.urls.prometheus}/api/v1/query?query=up&time=1`,
        },
        {
          method: 'POST',
          url: `${mesh.urls.prometheus}/api/v1/query`,
          body: 'query=sum%28up%29',
        },
      ]);
      await controls.get('/requests/log?source=nobody').expect(400);
    });
  });

  describe('fail on demand', () => {
    const ask = (path = '/api/v1/query?query=up') =>
      fetch(mesh.urls.prometheus + path, {
        signal: AbortSignal.timeout(2_000),
      });

    it('by a closed port, which opens again with the same number', async () => {
      const before = mesh.urls.prometheus;
      await fault('prometheus', 'refused').expect(200);
      await expect(ask()).rejects.toMatchObject({
        cause: { code: 'ECONNREFUSED' },
      });
      expect((await controls.get('/faults')).body).toEqual({
        prometheus: 'refused',
      });
      await controls.delete('/faults/prometheus').expect(200);
      expect(mesh.urls.prometheus).toBe(before);
      expect((await ask()).status).toBe(200);
    });

    it('by silence', async () => {
      await fault('prometheus', 'hangs').expect(200);
      await expect(ask()).rejects.toMatchObject({ name: 'TimeoutError' });
    });

    it.each([
      ['500', 500, /Internal/],
      ['401', 401, /Unauthorized/],
      ['html', 200, /<form/],
    ])('by %s', async (kind, status, text) => {
      await fault('prometheus', kind).expect(200);
      const answer = await ask();
      expect(answer.status).toBe(status);
      expect(await answer.text()).toMatch(text);
    });

    it('by an answer that breaks off', async () => {
      await fault('prometheus', 'cut').expect(200);
      const answer = await ask();
      expect(answer.status).toBe(200);
      await expect(answer.text()).rejects.toThrow('terminated');
    });

    it('by an answer that drips', async () => {
      await fault('prometheus', 'drip').expect(200);
      const answer = await ask();
      const { value } = await answer.body!.getReader().read();
      expect(value).toHaveLength(1);
    });

    it('by an answer of 200 MB, of which no more is made than is read', async () => {
      await fault('prometheus', 'huge').expect(200);
      const answer = await fetch(`${mesh.urls.prometheus}/api/v1/query`);
      const before = process.memoryUsage().rss;
      let text = '';
      let bytes = 0;
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
        text ||= Buffer.from(chunk).toString('utf8', 0, 60);
        bytes += chunk.length;
      }
      expect(text).toMatch(/^\{"status":"success","data":/);
      expect(bytes).toBeGreaterThan(200 * 1024 * 1024);
      expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
    }, 30_000);

    it('by a certificate of the past', async () => {
      const { body } = await fault('prometheus', 'expired-certificate');
      const error = await new Promise<NodeJS.ErrnoException>(resolve => {
        getOverTls(
          `${mesh.urls.prometheus.replace('http:', 'https:')}/-/ready`,
          {
            agent: new Agent({ ca: body.certificate, keepAlive: false }),
            servername: 'localhost',
          },
        ).once('error', resolve);
      });
      expect(error.code).toBe('CERT_HAS_EXPIRED');
      await expect(ask()).rejects.toThrow();
      await controls.delete('/faults/prometheus').expect(200);
      expect((await ask()).status).toBe(200);
    });

    it('in the middle of a watch, and then in the watch that follows', async () => {
      const watch = await fetch(mesh.urls.kubernetes + WATCH);
      const reader = watch.body!.getReader();
      expect((await reader.read()).done).toBe(false);
      await fault('kubernetes', 'cut').expect(200);
      await expect(
        (async () => {
          while (!(await reader.read()).done);
        })(),
      ).rejects.toThrow('terminated');
      const next = await fetch(mesh.urls.kubernetes + WATCH);
      await expect(next.text()).rejects.toThrow('terminated');
    });

    it('and refuse faults and sources that there are not', async () => {
      const answers = [
        await fault('prometheus', 'sulks'),
        await fault('nobody', 'hangs'),
        await controls.delete('/faults/nobody'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    });
  });
});

describe('a slow stand-in cluster', () => {
  it('takes its time for each answer, but not for the events of a watch', async () => {
    const latencyMs = 150;
    const mesh = await DemoMesh.start({ platforms: [ORION], latencyMs });
    const tookMs = async (url: string, init?: RequestInit) => {
      const began = performance.now();
      const answer = await fetch(url, init);
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
      return performance.now() - began;
    };
    const { kubernetes, prometheus, jaeger, kiali } = mesh.urls;
    const form = new URLSearchParams({ query: 'up' });
    expect(
      Math.min(
        await tookMs(`${kubernetes}/api/v1/pods`),
        await tookMs(`${prometheus}/api/v1/query`, {
          method: 'POST',
          body: form,
        }),
        await tookMs(`${jaeger}/api/services`),
        await tookMs(`${kiali}/api/status`),
      ),
    ).toBeGreaterThan(latencyMs - 2);

    const from = mesh.store.resourceVersion;
    const watch = await fetch(
      `${kubernetes}/api/v1/namespaces?watch=true&resourceVersion=${from}`,
    );
    const seen: number[] = [];
    const reading = (async () => {
      const reader = watch.body!.getReader();
      while (!(await reader.read()).done) seen.push(performance.now());
    })().catch(() => {});
    const began = performance.now();
    mesh.store.load([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } },
    ]);
    await until(() => seen.length > 0);
    expect(seen[0] - began).toBeLessThan(latencyMs);
    await mesh.stop();
    await reading;
  });
});
