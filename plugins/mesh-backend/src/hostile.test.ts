import { mockServices } from '@backstage/backend-test-utils';
import { DemoMesh } from '@meshdeck/demo-mesh';
import fc from 'fast-check';
import {
  component,
  startDemoMesh,
  startPortal,
} from './__testUtils__/startPortal';
import { collectionPath, WATCHED_RESOURCES } from './cluster/watchedResources';
import { readPlacementSpec } from './placements/readPlacementSpec';

const PLACEMENT = '/placements/demo:orion:auth-service';
const ANNOTATIONS = [
  'backstage.io/kubernetes-id',
  'backstage.io/kubernetes-label-selector',
  'backstage.io/kubernetes-namespace',
  'backstage.io/kubernetes-cluster',
  'meshdeck.io/services',
];

/** What somebody who means harm writes: each piece breaks out of something. */
const PIECES = [
  '"',
  "'",
  '`',
  '\\',
  '{',
  '}',
  '\n',
  '\r',
  '\u0000',
  '\u2028',
  '|',
  '.*',
  '(a+)+$',
  '[',
  ')',
  '../',
  '..%2f',
  '/../../istio-system/pods',
  '%00',
  '?watch=true',
  '&',
  '#',
  ';',
  '$(id)',
  '}) or vector(1) #',
  '",namespace=~".*',
  '" || true && "',
  '=~',
  '<script>',
  'ünïcödé',
  '😀',
  '\u202e',
  '__proto__',
  'constructor',
  ' ',
  ',',
  'a',
  'orion',
];
const hostileText = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 })
  .map(parts => parts.join(''));
const HUGE = 'x'.repeat(1024 * 1024);

/** 500 of them, the same in each run, and one of 1 MB. */
const VALUES = [...fc.sample(hostileText, { numRuns: 499, seed: 4 }), HUGE];

const QUERY =
  /^(limit|continue|watch|allowWatchBookmarks|resourceVersion|timeoutSeconds|fieldSelector)$/;
const COLLECTIONS = new Set(
  WATCHED_RESOURCES.flatMap(({ groupVersions, plural }) =>
    groupVersions.map(groupVersion => collectionPath(groupVersion, plural)),
  ),
);

/** What the plugin asks of a cluster by itself, whoever looks. */
function isOwn(sent: string): boolean {
  const { pathname, searchParams } = new URL(sent.slice(4), 'http://c');
  return (
    sent.startsWith('GET ') &&
    (pathname === '/version' || COLLECTIONS.has(pathname)) &&
    [...searchParams.keys()].every(name => QUERY.test(name))
  );
}
let mesh: DemoMesh;

beforeAll(async () => {
  mesh = await startDemoMesh();
});

afterAll(() => mesh.stop());

describe('500 hostile values', () => {
  it('in annotations reach neither a query nor a path', async () => {
    const entities = VALUES.map((value, index) =>
      component(`hostile-${index}`, {
        [ANNOTATIONS[index % ANNOTATIONS.length]]: value,
        ...(index % 2 ? { 'backstage.io/kubernetes-id': 'auth-service' } : {}),
      }),
    );
    const portal = await startPortal({ mesh, entities });
    await portal.get('hostile-0', '/placements');
    const before = portal.access.sent.length;
    mesh.resetRequests();
    for (const [index] of VALUES.entries()) {
      const { status, body } = await portal.get(
        `hostile-${index}`,
        '/placements',
      );
      expect(status).toBe(200);
      for (const { namespace } of body.placements) {
        expect(namespace).not.toBe('istio-system');
      }
      // A message quotes some of a value at most.
      expect(JSON.stringify(body).length).toBeLessThan(8000);
    }
    // Placements come from memory: nothing is sent because of an annotation but the heartbeat.
    expect(
      portal.access.sent.slice(before).filter(sent => !isOwn(sent)),
    ).toEqual([]);
    expect(mesh.requests().prometheus).toBe(0);
    portal.server.stop();
  });

  it('are read as what they must look like, or refused', () => {
    for (const value of VALUES) {
      for (const name of ANNOTATIONS) {
        const spec = readPlacementSpec(
          component('a', { 'backstage.io/kubernetes-id': 'a', [name]: value }),
        );
        const parts =
          'problem' in spec
            ? []
            : [
                spec.namespace ?? 'a',
                ...(spec.services ?? []).flatMap(s => [s.namespace, s.name]),
              ];
        for (const part of parts) {
          expect(part).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        }
      }
    }
  });

  it('in searches for traces, ids and tries stay inside their quotes', async () => {
    const portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
    });
    await portal.get('auth-service', `${PLACEMENT}/overview`);
    const before = portal.access.sent.length;
    mesh.resetRequests();
    for (const value of VALUES.slice(0, 499)) {
      const encoded = encodeURIComponent(value);
      const tags = encodeURIComponent(JSON.stringify({ [value]: value }));
      const answers = await Promise.all([
        portal.get(
          'auth-service',
          `${PLACEMENT}/traces?window=1m&operation=${encoded}&tags=${tags}`,
        ),
        portal.get('auth-service', `${PLACEMENT}/traces/${encoded}`),
        portal.get('auth-service', `/placements/${encoded}/overview`),
        portal.get(encoded, '/placements'),
        portal.get('auth-service', `${PLACEMENT}/overview?window=${encoded}`),
        portal.postTo('auth-service', `${PLACEMENT}/security/try`, {
          from: value,
          method: 'GET',
          path: value,
        }),
      ]);
      for (const { status } of answers) {
        expect([200, 400, 404]).toContain(status);
      }
      expect(answers.slice(1).every(({ status }) => status >= 400)).toBe(true);
    }
    for (const { url } of mesh.requestLog('jaeger')) {
      const { pathname, searchParams } = new URL(url);
      expect(pathname).toMatch(
        /^\/api\/(traces(\/[0-9a-f]{1,32})?|services\/auth-service\.orion\/operations)$/,
      );
      expect([...searchParams.keys()].sort()).toEqual(
        [...new Set(searchParams.keys())].sort(),
      );
      const isSearch = pathname === '/api/traces';
      expect(searchParams.get('service')).toBe(
        isSearch ? 'auth-service.orion' : null,
      );
      const sent = JSON.parse(searchParams.get('tags') ?? '{}');
      expect(isSearch ? VALUES : [null]).toContain(
        searchParams.get('operation'),
      );
      expect(Object.keys(sent)).toEqual(Object.values(sent));
    }
    for (const { body } of mesh.requestLog('prometheus')) {
      // Of alerts all are asked for.
      const query = new URLSearchParams(body).get('query');
      expect(query ?? 'destination_service_name="auth-service"').toContain(
        'destination_service_name="auth-service"',
      );
    }
    expect(
      portal.access.sent.slice(before).filter(sent => !isOwn(sent)),
    ).toEqual([]);
    portal.server.stop();
  }, 180_000);
});

describe('a secret of the configuration', () => {
  it('is in no log, no error and no answer', async () => {
    const secret = 'tok-5ecret-5ecret';
    const said: string[] = [];
    const hear = (...parts: unknown[]) => {
      said.push(
        parts
          .map(part =>
            part instanceof Error ? part.stack : JSON.stringify(part),
          )
          .join(' '),
      );
    };
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map(
      level => jest.spyOn(console, level).mockImplementation(hear),
    );
    const streams = [process.stdout, process.stderr].map(stream =>
      jest.spyOn(stream, 'write').mockImplementation(chunk => {
        said.push(String(chunk));
        return true;
      }),
    );
    try {
      const headers = { Authorization: `Bearer ${secret}` };
      const portal = await startPortal({
        mesh,
        entities: [
          component('auth-service', {
            'backstage.io/kubernetes-id': 'auth-service',
          }),
        ],
        config: {
          prometheus: { url: mesh.urls.prometheus, headers },
          tracing: { url: mesh.urls.jaeger, headers },
          kiali: { url: `${mesh.urls.kiali}/kiali`, token: secret },
        },
        features: [mockServices.rootLogger.factory({ level: 'debug' })],
      });
      for (const fault of [undefined, '401', 'html', 'refused'] as const) {
        for (const source of ['prometheus', 'jaeger', 'kiali'] as const) {
          await mesh.setFault(source, fault);
        }
        for (const view of ['overview', 'traces', 'opinion']) {
          const { text } = await portal.get(
            'auth-service',
            `${PLACEMENT}/${view}`,
          );
          said.push(text);
        }
        said.push((await portal.getPath('/sources')).text);
      }
      await portal.server.stop();
    } finally {
      [...spies, ...streams].forEach(spy => spy.mockRestore());
      for (const source of ['prometheus', 'jaeger', 'kiali'] as const) {
        await mesh.setFault(source, undefined);
      }
    }
    expect(said.length).toBeGreaterThan(10);
    expect(said.filter(text => text.includes(secret))).toEqual([]);
  });
});
