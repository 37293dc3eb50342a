import type { CacheService } from '@backstage/backend-plugin-api';
import type { JsonValue } from '@backstage/types';
import type { RequestListener } from 'http';
import { gzipSync } from 'zlib';
import { eventually } from '../__testUtils__/eventually';
import { closeServers, serve } from '../__testUtils__/serve';
import { GrafanaLinks } from './grafana/GrafanaLinks';
import { KialiSource } from './kiali/KialiSource';
import { PrometheusSource } from './prometheus/PrometheusSource';
import { JaegerSource } from './tracing/JaegerSource';
import { TempoSource } from './tracing/TempoSource';
import { RefreshPeriod } from './RefreshPeriod';
import { SourceCache } from './SourceCache';

afterEach(closeServers);

const prometheus = (url: string, now?: () => number, shared?: CacheService) =>
  PrometheusSource.create({
    endpoint: {
      url,
      headers: { Authorization: 'Bearer s3cret' },
      rateInterval: '1m',
    },
    deadlineMs: 300,
    cache: SourceCache.create({
      period: RefreshPeriod.create({ periodMs: 5000, now: now ?? (() => 0) }),
      shared,
    }),
    now,
  });

const packed = {
  'Content-Type': 'application/json',
  'Content-Encoding': 'gzip',
};
/** Small on the wire, 64 MB when it is read. */
const PACKED_FLOOD = gzipSync(Buffer.alloc(64 * 1024 * 1024, 32));

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
  [
    'packs a flood',
    (_req, res) => {
      res.writeHead(200, packed);
      res.end(PACKED_FLOOD);
    },
    'more than 32 MB',
  ],
  [
    'cuts off what it packed',
    (_req, res) => {
      res.writeHead(200, packed);
      res.end(PACKED_FLOOD.subarray(0, 100));
    },
    'cannot be reached',
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

  const url = () => serve(listener);
  const endpoint = async () => ({
    url: await url(),
    headers: { Authorization: 'Bearer s3cret' },
    publicUrl: 'https://people.example.com',
  });
  const pattern = new RegExp(escaped(expected));
  const deadlineMs = 300;
  const failureOf = async (work: Promise<unknown>): Promise<string> => {
    const failure = (await work.catch(error => error)) as Error;
    expect(failure.name).toBe('ServiceUnavailableError');
    expect(failure.message).not.toContain('s3cret');
    return failure.message;
  };

  it.each([
    ['jaeger', JaegerSource],
    ['tempo', TempoSource],
  ] as const)('is named by the adapter for %s', async (type, Source) => {
    const source = Source.create({
      endpoint: {
        ...(await endpoint()),
        type,
        serviceName: '{app}.{namespace}',
      },
      deadlineMs,
    });
    const period = { from: 0, to: 1000 };
    const service = { serviceName: 'a.orion', namespace: 'orion' };
    const search = { ...service, limit: 5, ...period };
    const failures = await Promise.all([
      failureOf(source.operations(service)),
      failureOf(source.search(search)),
      failureOf(source.trace('ab', 'orion')),
    ]);
    failures.forEach(failure => expect(failure).toMatch(pattern));
    await failureOf(source.dependencies(service, period));
  });

  it('is named by Kiali’s adapter, with and without a token', async () => {
    for (const token of [undefined, 's3cret']) {
      const source = KialiSource.create({
        endpoint: { ...(await endpoint()), token },
        deadlineMs,
        cache: SourceCache.create({
          period: RefreshPeriod.create({ periodMs: 5000 }),
        }),
      });
      expect(await failureOf(source.version())).toMatch(
        token && expected.includes('401') ? /portal’s token \(401\)/ : pattern,
      );
    }
  });

  it('is told in place of Grafana’s link, and costs no pinned one', async () => {
    const variables = { service: 'service', namespace: 'namespace' };
    const links = GrafanaLinks.create({
      endpoint: {
        ...(await endpoint()),
        dashboards: [
          { title: 'Istio Service Dashboard', variables },
          { title: 'Ours', uid: 'abc', variables },
        ],
      },
      deadlineMs,
    });
    const place = { namespace: 'orion', service: 'auth-service' };
    const [found, pinned] = await links.links(place, '15m');
    expect(found.url).toBeUndefined();
    expect(found.message).toMatch(pattern);
    expect(pinned.url).toContain('https://people.example.com/d/abc/ours?');
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

  it('takes packed answers, and says so', async () => {
    let accepts: string | undefined;
    const url = await serve((req, res) => {
      accepts = req.headers['accept-encoding'];
      res.writeHead(200, packed);
      res.end(gzipSync(answer([{ metric: {}, value: [1, '2'] }])));
    });
    expect(await prometheus(url).query('', 'up')).toEqual([
      { labels: {}, points: [[1, 2]] },
    ]);
    expect(accepts).toBe('gzip');
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
    const seen = await first.query('', 'up');
    await eventually(() => expect(held.size).toBe(1));
    expect(await second.query('', 'up')).toEqual(seen);
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
