import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { DemoMesh } from '@meshdeck/demo-mesh';
import { meshPermissions } from '@meshdeck/plugin-mesh-common';
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { eventually } from './__testUtils__/eventually';
import { madeUpRule } from './__testUtils__/ruleNames';
import {
  component,
  startDemoMesh,
  startPortal,
} from './__testUtils__/startPortal';

const DOCUMENT = join(__dirname, '../../../docs/permissions.md');
const BEGIN =
  '<!-- The table is written by plugins/mesh-backend/src/permissions.test.ts: UPDATE_DOCS=1. -->';
const END = '<!-- End of the table. -->';

const ENTITY = '/entities/component/default/auth-service';
const PLACEMENT = `${ENTITY}/placements/demo:orion:auth-service`;
const MEND = {
  code: 'MD0101',
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    namespace: 'orion',
    name: 'auth-service',
  },
};
const CHANGE = { what: { intent: 'breaker', maxConnections: 10 } };
const WEIGHTS = { rule: madeUpRule(), weights: { stable: 90, canary: 10 } };

interface Route {
  method: 'get' | 'post';
  path: string;
  /** As the table shows it. */
  shown: string;
  body?: object;
}

const route = (
  method: Route['method'],
  path: string,
  body?: object,
): Route => ({
  method,
  path,
  body,
  shown: `${method.toUpperCase()} ${path
    .replace(ENTITY, '/entities/…')
    .replace('demo:orion:auth-service', '…')
    .replace(/[0-9a-f]{32}/, '…')}`,
});

const ROUTES: Route[] = [
  route('get', `${ENTITY}/placements`),
  ...[
    'overview',
    'routes',
    'security',
    'traces',
    'canary',
    'topology',
    'opinion',
    'certificates',
    'dependencies',
    'changes',
  ].map(view => route('get', `${PLACEMENT}/${view}`)),
  route('get', `${PLACEMENT}/traces/${'0'.repeat(32)}`),
  route('post', `${PLACEMENT}/routes/try`, { method: 'GET', path: '/' }),
  route('post', `${PLACEMENT}/security/try`, { method: 'GET', path: '/' }),
  route('post', `${PLACEMENT}/canary/preview`, WEIGHTS),
  route('post', `${PLACEMENT}/canary/apply`, {
    ...WEIGHTS,
    resourceVersion: '1',
  }),
  route('post', `${PLACEMENT}/findings/preview`, MEND),
  route('post', `${PLACEMENT}/findings/apply`, {
    ...MEND,
    resourceVersion: '1',
  }),
  route('post', `${PLACEMENT}/changes/preview`, CHANGE),
  route('post', `${PLACEMENT}/changes/apply`, {
    ...CHANGE,
    resourceVersion: '1',
  }),
  route('get', '/fleet/services'),
  route('get', '/fleet/services.csv'),
  route('get', '/fleet/changes'),
  route('get', '/fleet/coverage'),
  route('get', '/fleet/control-plane'),
  route('get', '/sources'),
  route('post', '/onboardings', {}),
  route('get', '/onboarded'),
];

const CALLERS: [name: string, authorization: string][] = [
  ['no token', mockCredentials.none.header()],
  [
    'guest without permissions',
    mockCredentials.user.header('user:default/guest'),
  ],
  ['other team', mockCredentials.user.header('user:default/other')],
  ['owner', mockCredentials.user.header('user:default/owner')],
  ['admin', mockCredentials.user.header('user:default/admin')],
  ['other plugin', mockCredentials.service.header()],
];

/** What each person has, as a policy would say it: everybody reads, owners change, who runs the mesh sees the fleet. */
const GRANTS: Record<string, (permission: string) => boolean> = {
  'user:default/guest': () => false,
  'user:default/other': name =>
    ['mesh.service.read', 'catalog.entity.read'].includes(name),
  'user:default/owner': name => name !== 'mesh.fleet.read',
  'user:default/admin': () => true,
};

/** A refusal is 401 or 403; whatever else a route answers, it was let through. */
const isRefused = (status: number) => status === 401 || status === 403;

describe('permissions', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  /** Names of events, and how they ended. */
  const events: string[] = [];
  /** The part of an event that cannot be written. */
  let unwritable: string | undefined;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      features: [
        mockServices.auditor.mock({
          createEvent: async ({ eventId }) => {
            if (unwritable === eventId) {
              throw new Error('the log is full');
            }
            events.push(eventId);
            return {
              success: async () => {
                if (unwritable === 'success') {
                  throw new Error('the log is full');
                }
                events.push('success');
              },
              fail: async () => void events.push('fail'),
            };
          },
        }).factory,
      ],
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      authorize: async (queries, options) => {
        const { principal } = (options as any).credentials;
        const has =
          principal.type === 'service'
            ? () => true
            : GRANTS[principal.userEntityRef];
        return queries.map(({ permission }) => ({
          result: has(permission.name)
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
        }));
      },
    });
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  it('lets everybody do what docs/permissions.md says, and nothing else', async () => {
    const rows: string[][] = [];
    for (const { method, path, body, shown } of ROUTES) {
      const cells: string[] = [];
      for (const [, authorization] of CALLERS) {
        const { status } = await portal.send(method, path, authorization, body);
        expect([shown, status]).not.toEqual([shown, 500]);
        cells.push(isRefused(status) ? `no (${status})` : 'yes');
      }
      // Whoever has no permission gets nothing from any route.
      expect([shown, ...cells.slice(0, 2)]).toEqual([
        shown,
        'no (401)',
        'no (403)',
      ]);
      rows.push([`\`${shown}\``, ...cells]);
    }
    const head = ['route', ...CALLERS.map(([name]) => name)];
    const table = [head, head.map(() => '---'), ...rows]
      .map(cells => `| ${cells.join(' | ')} |`)
      .join('\n');
    const document = readFileSync(DOCUMENT, 'utf8');
    const [before, after] = [document.split(BEGIN)[0], document.split(END)[1]];
    const written = `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
    if (process.env.UPDATE_DOCS) {
      writeFileSync(DOCUMENT, written);
    }
    const squeezed = (text: string) => text.replace(/ +|-+/g, ' ');
    expect(squeezed(readFileSync(DOCUMENT, 'utf8'))).toBe(squeezed(written));
  });

  it('leaves an event of every answer and every refusal', async () => {
    await eventually(() => expect(events.length % 2).toBe(0));
    for (const { method, path, body, shown } of ROUTES) {
      for (const [caller, authorization] of CALLERS.slice(1)) {
        events.splice(0);
        const { status } = await portal.send(method, path, authorization, body);
        // That a read went well is written while its answer is on its way.
        await eventually(() =>
          expect([shown, caller, ...events]).toEqual([
            shown,
            caller,
            expect.stringMatching(/^[a-z]+(-[a-z]+)+$/),
            status < 400 ? 'success' : 'fail',
          ]),
        );
      }
    }
  });

  it('begins no change of which no event can be written; a read that is answered stays answered', async () => {
    const owner = mockCredentials.user.header('user:default/owner');
    unwritable = 'weights-preview';
    const before = portal.access.sent.length;
    const change = `${PLACEMENT}/canary/preview`;
    expect((await portal.send('post', change, owner, WEIGHTS)).status).toBe(
      500,
    );
    expect(
      portal.access.sent.slice(before).filter(sent => !sent.includes('watch')),
    ).not.toContainEqual(expect.stringContaining('/auth-service'));
    unwritable = 'success';
    expect(
      (await portal.send('get', `${PLACEMENT}/overview`, owner)).status,
    ).toBe(200);
    unwritable = undefined;
  });

  it('knows every route of openapi.yaml', () => {
    const known = ROUTES.map(
      ({ method, path }) =>
        `${method} ${path
          .replace(
            'component/default/auth-service',
            '{kind}/{namespace}/{name}',
          )
          .replace('demo:orion:auth-service', '{placement}')
          .replace(/[0-9a-f]{32}/, '{traceId}')}`,
    );
    const { paths } = parse(
      readFileSync(join(__dirname, '../../mesh-common/openapi.yaml'), 'utf8'),
    );
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods as object)) {
        expect(known).toContain(`${method} ${path}`);
      }
    }
  });

  it('describes every permission', () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    for (const { name } of meshPermissions) {
      expect(document).toContain(`\`${name}\``);
    }
  });

  it('tells nobody of an entity that they may not see', async () => {
    const hidden = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      denied: ['catalog.entity.read'],
    });
    const there = await hidden.get('auth-service', '/placements');
    const nowhere = await hidden.get('nobody', '/placements');
    expect([there.status, nowhere.status]).toEqual([404, 404]);
    expect(there.body.error.message.replace('auth-service', 'nobody')).toBe(
      nowhere.body.error.message,
    );
    hidden.server.stop();
  });
});
