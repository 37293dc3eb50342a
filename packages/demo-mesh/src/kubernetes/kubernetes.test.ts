import { connect } from 'node:net';
import { ApiClient, APPLY, MERGE } from './__testUtils__/ApiClient';
import { configMap, namespaced, virtualService } from './__testUtils__/objects';
import { KubernetesServer, ObjectStore, type KubernetesServerOptions } from '.';

const paths = namespaced('shop');
const open: KubernetesServer[] = [];

async function start(
  options: Partial<KubernetesServerOptions> & { port?: number } = {},
) {
  const { port = 0, ...rest } = options;
  const clock = () => new Date();
  const store = rest.store ?? ObjectStore.create({ clock });
  if (!rest.store) {
    store.load(
      ['shop', 'bank'].map(name => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      })),
    );
  }
  const server = KubernetesServer.create({
    store,
    clock,
    anonymous: 'all',
    ...rest,
  });
  open.push(server);
  const url = await server.listen({ port });
  const api = ApiClient.create({ url, adminToken: '', portalToken: '' });
  return { api, store, server, url };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(server => server.close()));
});

const query = (parameters: Record<string, string>) =>
  `?${new URLSearchParams(parameters)}`;

describe('history that is gone', () => {
  async function withPages() {
    const started = await start();
    const { api } = started;
    for (const name of ['a', 'b', 'c'])
      await api.post(paths.virtualServices, virtualService(name));
    const first = await api.get(`${paths.virtualServices}?limit=1`);
    return { ...started, metadata: first.body.metadata };
  }

  it('ends a list of pages, with a token to go on regardless', async () => {
    const { api, store, metadata } = await withPages();
    store.compact();
    const page = (token: string) =>
      api.get(
        `${paths.virtualServices}${query({ limit: '1', continue: token })}`,
      );
    const gone = await page(metadata.continue);
    expect(gone.body).toMatchObject({ code: 410, reason: 'Expired' });
    const rest = await page(gone.body.metadata.continue);
    expect(rest.body.items).toMatchObject([{ metadata: { name: 'b' } }]);
  });

  it('ends a watch with an error event', async () => {
    const { api, store, metadata } = await withPages();
    store.compact();
    const watch = await api.watch(
      `${paths.virtualServices}${query({
        watch: 'true',
        resourceVersion: metadata.resourceVersion,
      })}`,
    );
    expect(watch.status).toBe(200);
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    await watch.ended;
  });

  it('is expired for a client of an earlier run', async () => {
    const yesterday = ObjectStore.create({
      clock: () => new Date(Date.now() - 86_400_000),
    });
    const { api } = await start();
    const watch = await api.watch(
      `${paths.virtualServices}${query({
        watch: 'true',
        resourceVersion: `${yesterday.resourceVersion}`,
      })}`,
    );
    expect(await watch.next()).toMatchObject({ object: { code: 410 } });
  });

  it('lists exactly what was there', async () => {
    const { api, metadata } = await withPages();
    await api.delete(`${paths.virtualServices}/a`);
    const { body } = await api.get(
      `${paths.virtualServices}${query({
        resourceVersion: metadata.resourceVersion,
        resourceVersionMatch: 'Exact',
      })}`,
    );
    expect(body.items).toHaveLength(3);
  });
});

describe('watches', () => {
  it('get bookmarks while nothing happens, and one at the end', async () => {
    const { api, store } = await start({ bookmarkIntervalMs: 20 });
    const list = await api.get(paths.virtualServices);
    const watch = await api.watch(
      `${paths.virtualServices}${query({
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: list.body.metadata.resourceVersion,
      })}`,
    );
    await api.post(paths.configMaps, configMap('elsewhere'));
    let version = '';
    while (version !== `${store.resourceVersion}`) {
      const { type, object } = await watch.next();
      expect(type).toBe('BOOKMARK');
      expect(object.kind).toBe('VirtualService');
      version = object.metadata.resourceVersion;
    }
    watch.close();
  });

  it('get none they did not ask for', async () => {
    const { api } = await start({ bookmarkIntervalMs: 5 });
    const watch = await api.watch(
      `${paths.virtualServices}?watch=true&timeoutSeconds=1`,
    );
    await watch.ended;
    await expect(watch.next()).rejects.toThrow('ended without an event');
  });

  it('stream the list itself when asked to', async () => {
    const { api } = await start();
    await api.post(paths.virtualServices, virtualService('a'));
    await api.post(paths.virtualServices, virtualService('b'));
    const streaming = {
      watch: 'true',
      sendInitialEvents: 'true',
      allowWatchBookmarks: 'true',
    };
    const watch = await api.watch(
      `${paths.virtualServices}${query({
        ...streaming,
        resourceVersionMatch: 'NotOlderThan',
      })}`,
    );
    expect(await watch.names(2)).toEqual(['ADDED a', 'ADDED b']);
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: {
        metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    await api.post(paths.virtualServices, virtualService('c'));
    expect(await watch.names(1)).toEqual(['ADDED c']);
    watch.close();
    const refused = await api.get(
      `${paths.virtualServices}${query(streaming)}`,
    );
    expect(refused.body).toMatchObject({ code: 422, reason: 'Invalid' });
  });

  it('end at once with the server, which comes back on its port with what it knew', async () => {
    const { api, server, store, url } = await start();
    await api.post(paths.virtualServices, virtualService('a'));
    const watch = await api.watch(`${paths.virtualServices}?watch=true`);
    expect(await watch.names(1)).toEqual(['ADDED a']);
    await server.close();
    await watch.ended;
    await expect(api.get('/version')).rejects.toThrow('ECONNREFUSED');
    await server.listen({ port: Number(new URL(url).port) });
    const list = await api.get(paths.virtualServices);
    expect(list.body.items).toHaveLength(1);
    await server.close();
    await start({ store, port: Number(new URL(url).port) });
    expect((await api.get(paths.virtualServices)).body.items).toHaveLength(1);
  });
});

describe('rules', () => {
  const reader = {
    token: 'reader',
    user: 'reader',
    groups: ['viewers'],
    rules: [
      {
        verbs: ['get', 'list', 'watch'],
        resources: ['virtualservices'],
        namespaces: ['shop'],
      },
      { verbs: ['get'], resources: ['deployments/scale'] },
    ],
  };

  it.each([
    ['GET', paths.virtualServices, 200],
    ['GET', `${paths.virtualServices}?watch=true&timeoutSeconds=1`, 200],
    ['GET', paths.virtualServices.replace('shop', 'bank'), 403],
    ['GET', '/apis/networking.istio.io/v1/virtualservices', 403],
    ['GET', paths.destinationRules, 403],
    ['DELETE', `${paths.virtualServices}/web`, 403],
    ['GET', `${paths.deployments}/web`, 403],
    ['GET', `${paths.deployments}/web/scale`, 404],
    ['GET', '/apis', 200],
  ])('of a token decide on %s %s', async (method, path, expected) => {
    const { api } = await start({ anonymous: undefined, tokens: [reader] });
    const { status } = await api.call(method, path, { token: 'reader' });
    expect(status).toBe(expected);
  });

  it('may be given to everybody', async () => {
    const { api } = await start({
      anonymous: [{ verbs: ['list'], resources: ['*'] }],
    });
    expect((await api.get(paths.services)).status).toBe(200);
    expect((await api.get(`${paths.services}/web`)).status).toBe(403);
  });

  it('keep a wrong token out even where everybody may come in', async () => {
    const { api } = await start();
    expect((await api.get(paths.services, { token: 'x' })).status).toBe(401);
  });
});

describe('unknown fields', () => {
  const typo = virtualService('web', {
    hosts: ['web'],
    http: [{ tmeout: '5s' }],
  });

  it('are refused where the writer is strict', async () => {
    const { api } = await start();
    const { body } = await api.post(
      `${paths.virtualServices}?fieldValidation=Strict`,
      typo,
    );
    expect(body).toMatchObject({
      code: 400,
      message:
        'VirtualService in version "v1" cannot be handled as a VirtualService: strict decoding error: unknown field "spec.http[0].tmeout"',
    });
  });

  it('are warned of otherwise', async () => {
    const { api } = await start();
    const { status, headers } = await api.post(paths.virtualServices, typo);
    expect(status).toBe(201);
    expect(headers.warning).toBe(
      '299 - "unknown field \\"spec.http[0].tmeout\\""',
    );
  });
});

describe('validation beyond types', () => {
  const withTimeout = (timeout: string) =>
    virtualService('web', { hosts: ['web'], http: [{ timeout }] });

  it.each(['5s', '1h30m', '1.5s', '1ms'])(
    'lets the timeout %s pass',
    async timeout => {
      const { api } = await start();
      const { status } = await api.post(
        paths.virtualServices,
        withTimeout(timeout),
      );
      expect(status).toBe(201);
    },
  );

  it.each(['5', '5 seconds', '0s', '0.5ms', '-1s', 'soon'])(
    'finds the timeout %s',
    async timeout => {
      const { api } = await start();
      const { body } = await api.post(
        paths.virtualServices,
        withTimeout(timeout),
      );
      expect(body).toMatchObject({
        code: 422,
        message: `VirtualService.networking.istio.io "web" is invalid: spec.http[0].timeout: Invalid value: "${timeout}": must be a valid duration greater than 1ms`,
        details: { causes: [{ field: 'spec.http[0].timeout' }] },
      });
    },
  );

  it('finds modes per port that select no workload', async () => {
    const { api } = await start();
    const { body } = await api.post(paths.peerAuthentications, {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default' },
      spec: { portLevelMtls: { 80: { mode: 'DISABLE' } } },
    });
    expect(body.message).toContain('portLevelMtls requires selector');
  });
});

describe('labels that others wrote', () => {
  // Kubernetes 1.20 takes them along for custom objects; later versions, and this one, don't.
  it('stay when an applier gives up its own', async () => {
    const { api } = await start();
    const path = `${paths.virtualServices}/web`;
    const apply = (labels?: object) =>
      api.patch(
        `${path}?fieldManager=meshdeck`,
        APPLY,
        virtualService('web', undefined, labels ? { labels } : {}),
      );
    await apply({ team: 'a' });
    await api.patch(path, MERGE, { metadata: { labels: { by: 'hand' } } });
    const { body } = await apply();
    expect(body.metadata.labels).toEqual({ by: 'hand' });
  });
});

describe('hostile requests', () => {
  it.each([
    ['GET', '/api/v1/namespaces/%zz/pods'],
    ['GET', '/api/v1/namespaces/shop/pods?labelSelector=%zz(('],
    ['GET', '/api/v1/__proto__/constructor'],
    ['GET', '/apis/constructor/__proto__/toString'],
    ['GET', '/api/v1/namespaces/shop/pods?limit=-1'],
    ['GET', '/api/v1/namespaces/shop/pods?continue=%00'],
    ['GET', `/api/v1/namespaces/shop/pods/${'x'.repeat(9000)}`],
    ['GET', '/api/v1/namespaces/shop/pods/a/b/c/d/e'],
    ['PROPFIND', '/api/v1/namespaces/shop/pods'],
    ['PUT', '/api/v1/namespaces/shop/pods'],
    ['DELETE', '/version'],
  ])('%s %s get a Status', async (method, path) => {
    const { api } = await start();
    const { status, body } = await api.call(method, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body).toMatchObject({ kind: 'Status', code: status });
    expect((await api.get('/healthz')).status).toBe(200);
  });

  it.each([
    ['nested too deeply', `${'[['.repeat(50_000)}`, 'application/json'],
    [
      'nested too deeply, and well formed',
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
      'application/json',
    ],
    [
      'a YAML bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, i) => {
          const before = 'abcdefghi'[i];
          return `${name}: &${name} [${Array(10).fill(`*${before}`)}]`;
        })
        .join('\n')}`,
      'application/yaml',
    ],
    ['nothing', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['binary', 'k8s\0\x01\x02', 'application/vnd.kubernetes.protobuf'],
    ['prose', 'hello', 'text/plain'],
  ])('a body that is %s gets a Status', async (_, body, contentType) => {
    const { api } = await start();
    const answer = await api.call('POST', paths.configMaps, {
      body,
      contentType,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body).toMatchObject({ kind: 'Status', status: 'Failure' });
  });

  it('cannot reach the prototype of anything', async () => {
    const { api } = await start();
    const created = await api.call('POST', paths.virtualServices, {
      body: '{"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"web","labels":{"a":"b"},"__proto__":{"x":"y"}},"spec":{"hosts":["web"],"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
    });
    expect(created.status).toBe(201);
    expect(created.body.spec).toEqual({ hosts: ['web'] });
    const path = `${paths.virtualServices}/web`;
    for (const [contentType, body] of [
      [
        MERGE,
        '{"__proto__":{"polluted":true},"spec":{"__proto__":{"polluted":true}}}',
      ],
      [
        'application/json-patch+json',
        '[{"op":"add","path":"/__proto__/polluted","value":true}]',
      ],
      [
        'application/json-patch+json',
        '[{"op":"add","path":"/constructor/prototype/polluted","value":true}]',
      ],
    ]) {
      await api.call('PATCH', path, { contentType, body });
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await api.get(path)).body.spec).toEqual({ hosts: ['web'] });
  });

  it('that stop in the middle leave the others alone', async () => {
    const { api, url } = await start();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST ${paths.configMaps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"meta`,
    );
    await new Promise(resolve => socket.once('connect', resolve));
    socket.destroy();
    expect((await api.get('/healthz')).status).toBe(200);
  });
});

describe('what kubectl sends in binary', () => {
  it('is understood', async () => {
    const { api } = await start();
    const field = (number: number, content: Buffer | string) =>
      Buffer.concat([
        Buffer.from([number * 8 + 2, content.length]),
        Buffer.from(content),
      ]);
    const label = Buffer.concat([field(1, 'team'), field(2, 'a')]);
    const metadata = Buffer.concat([field(1, 'binary'), field(11, label)]);
    const body = Buffer.concat([
      Buffer.from('k8s\0'),
      field(1, Buffer.concat([field(1, 'v1'), field(2, 'Namespace')])),
      field(2, field(1, metadata)),
    ]);
    const answer = await api.call('POST', '/api/v1/namespaces', {
      body: body.toString('latin1'),
      contentType: 'application/vnd.kubernetes.protobuf',
    });
    expect(answer.status).toBe(201);
    expect(answer.body.metadata).toMatchObject({
      name: 'binary',
      labels: { team: 'a' },
    });
  });
});
