import type { CacheService } from '@backstage/backend-plugin-api';
import type { JsonValue } from '@backstage/types';
import { createServer, RequestListener, Server } from 'http';
import { AddressInfo } from 'net';
import { PrometheusSource } from '../metrics/PrometheusSource';
import { JaegerSource } from '../traces/JaegerSource';
import { Beat } from './Beat';
import { SourceCache } from './SourceCache';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const prometheus = (url: string, now?: () => number, shared?: CacheService) =>
  PrometheusSource.create({
    endpoint: {
      url,
      headers: { Authorization: 'Bearer s3cret' },
      rateInterval: '1m',
    },
    deadlineMs: 300,
    cache: SourceCache.create({
      beat: Beat.create({ periodMs: 5000, now: now ?? (() => 0) }),
      shared,
    }),
    now,
  });

const FAULTS: [string, RequestListener, string][] = [
  ['hangs', () => {}, 'did not answer within 0.3 s'],
  [
    'sends one byte and hangs',
    (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'application/json' });
      res.write('{');
    },
    'did not answer within 0.3 s',
  ],
  [
    'answers HTML',
    (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html' });
      res.end('<html>Log in</html>');
    },
    'a web page instead of data',
  ],
  [
    'answers 401',
    (_req, res) => {
      res.writeHead(401);
      res.end('no');
    },
    'refuses the portal (401)',
  ],
  [
    'answers 500 without JSON',
    (_req, res) => {
      res.writeHead(500);
      res.end('oops');
    },
    'answered with 500 and no readable JSON',
  ],
  [
    'cuts its JSON off',
    (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'application/json' });
      res.end('{"status":"succ');
    },
    'no readable JSON',
  ],
  [
    'closes the connection',
    req => {
      req.socket.destroy();
    },
    'cannot be reached',
  ],
  [
    'redirects elsewhere',
    (_req, res) => {
      res.writeHead(302, { Location: 'http://169.254.169.254/' });
      res.end();
    },
    'cannot be reached',
  ],
  [
    'floods',
    (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'application/json' });
      const chunk = Buffer.alloc(1024 * 1024, 32);
      const push = () => {
        if (!res.destroyed && res.write(chunk)) {
          setImmediate(push);
        }
      };
      res.on('drain', push);
      push();
    },
    'more than 32 MB|did not answer within',
  ],
];

describe.each(FAULTS)('a source that %s', (_name, listener, expected) => {
  it('is named by Prometheus’ adapter, without its secrets', async () => {
    const url = await serve(listener);
    const failure = await prometheus(url)
      .query('', 'up')
      .catch(error => error);
    expect(failure.name).toBe('ServiceUnavailableError');
    expect(failure.message).toMatch(new RegExp(escaped(expected)));
    expect(failure.message).not.toContain('s3cret');
  });

  it('is named by Jaeger’s adapter', async () => {
    const url = await serve(listener);
    const jaeger = JaegerSource.create({
      endpoint: { url, headers: {}, type: 'jaeger', serviceName: '{app}' },
      deadlineMs: 300,
    });
    await expect(jaeger.operations('a')).rejects.toThrow(
      new RegExp(escaped(expected)),
    );
  });
});

function escaped(text: string): string {
  return text.replace(/[().]/g, '\\$&');
}

describe('PrometheusSource', () => {
  const answer = (result: unknown[]) =>
    JSON.stringify({
      status: 'success',
      data: { resultType: 'vector', result },
    });

  it('asks the same question once for all who ask within seconds', async () => {
    let asked = 0;
    const url = await serve((_req, res) => {
      asked += 1;
      res.end(answer([{ metric: { a: 'b' }, value: [1, '2'] }]));
    });
    let now = 0;
    const source = prometheus(url, () => now);
    const answers = await Promise.all([
      source.query('', 'up'),
      source.query('', 'up'),
      source.query('', 'up'),
    ]);
    expect(answers[0]).toEqual([{ labels: { a: 'b' }, points: [[1, 2]] }]);
    expect(asked).toBe(1);
    now = 4999;
    await source.query('', 'up');
    expect(asked).toBe(1);
    now = 5000;
    await source.query('', 'up');
    expect(asked).toBe(2);
  });

  it('asks once for all replicas that share a cache', async () => {
    let asked = 0;
    const url = await serve((_req, res) => {
      asked += 1;
      res.end(answer([{ metric: { a: 'b' }, value: [1, '2'] }]));
    });
    const held = new Map<string, JsonValue>();
    const shared: CacheService = {
      get: async key => held.get(key) as any,
      set: async (key, value) => {
        held.set(key, value);
      },
      delete: async () => {},
      withOptions: () => shared,
    };
    const first = prometheus(url, () => 0, shared);
    const second = prometheus(url, () => 0, shared);
    expect(await first.query('', 'up')).toEqual(await second.query('', 'up'));
    expect(asked).toBe(1);
  });

  it('asks again after a failure', async () => {
    let asked = 0;
    const url = await serve((_req, res) => {
      asked += 1;
      res.end(asked === 1 ? 'no' : answer([]));
    });
    const source = prometheus(url);
    await expect(source.query('', 'up')).rejects.toThrow();
    await expect(source.query('', 'up')).resolves.toEqual([]);
  });

  it('passes Prometheus’ own reason on', async () => {
    const url = await serve((_req, res) => {
      res.writeHead(422, { 'Content-Type': 'application/json' });
      res.end(
        JSON.stringify({
          status: 'error',
          errorType: 'execution',
          error: 'too many samples',
        }),
      );
    });
    await expect(prometheus(url).query('', 'up')).rejects.toThrow(
      'refused the query (422): too many samples',
    );
  });

  it('leaves values out that are no numbers', async () => {
    const url = await serve((_req, res) =>
      res.end(
        answer([
          {
            metric: {},
            values: [
              [1, 'NaN'],
              [2, '+Inf'],
              [3, '4'],
            ],
          },
        ]),
      ),
    );
    const [series] = await prometheus(url).query('', 'up');
    expect(series.points).toEqual([[3, 4]]);
  });
});
