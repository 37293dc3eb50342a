import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

jest.setTimeout(60_000);

const PATH =
  '/entities/component/default/auth-service/placements/demo:orion:auth-service';
const OWNER = 'user:default/owner';
/** May change the service, and not who gets in. */
const LIMITED = 'user:default/limited';
/** May do all but move traffic between versions. */
const STEADY = 'user:default/steady';
const DENIED: Record<string, string> = {
  [LIMITED]: 'mesh.security.change',
  [STEADY]: 'mesh.canary.run',
};

describe('who may', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      authorize: async (queries, options) => {
        const { principal } = options?.credentials ?? {};
        const who = (principal as { userEntityRef?: string }).userEntityRef;
        return queries.map(({ permission }) => ({
          result:
            permission.name === DENIED[who ?? '']
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
        }));
      },
    });
  });

  afterAll(async () => {
    await portal.server.stop();
    await mesh.stop();
  });

  const ask = (who: string, step: 'preview' | 'apply', body: object) =>
    portal.send(
      'post',
      `${PATH}/changes/${step}`,
      mockCredentials.user.header(who),
      body,
    );
  /** Makes a change as the owner. @returns its id. */
  const make = async (what: object): Promise<string> => {
    const seen = await ask(OWNER, 'preview', { what });
    expect([seen.status, seen.body.error?.message]).toEqual([200, undefined]);
    const { resourceVersion } = seen.body;
    const made = await ask(OWNER, 'apply', {
      what,
      resourceVersion,
      takeOver: true,
    });
    expect(made.status).toBe(200);
    const { body } = await portal.send(
      'get',
      `${PATH}/changes`,
      mockCredentials.user.header(OWNER),
    );
    return body.changes[0].id;
  };

  it('take back, needs the permission of the change itself, however often it was taken back', async () => {
    const { body } = await portal.send(
      'get',
      `${PATH}/security`,
      mockCredentials.user.header(OWNER),
    );
    const enrolled = await make({
      intent: 'enrolment',
      mode: 'none',
      workload: body.ports[0].workload,
    });
    const undone = await make({ intent: 'undo', change: enrolled });
    for (const change of [enrolled, undone]) {
      const refused = await ask(LIMITED, 'preview', {
        what: { intent: 'undo', change },
      });
      expect([refused.status, refused.body.error.message]).toEqual([
        403,
        expect.stringContaining('mesh.security.change'),
      ]);
    }
    const sampled = await make({ intent: 'sampling', percent: 5 });
    const allowed = await ask(LIMITED, 'preview', {
      what: { intent: 'undo', change: sampled },
    });
    expect(allowed.status).toBe(200);
  });

  it('update a pull request, needs the permission for the change that it is to become', async () => {
    const { body } = await portal.send(
      'get',
      `${PATH}/security`,
      mockCredentials.user.header(OWNER),
    );
    const { workload } = body.ports[0];
    const refused = await ask(LIMITED, 'apply', {
      what: { intent: 'enrolment', mode: 'none', workload },
      resourceVersion: '1',
      asPullRequest: true,
      requestHead: 'a'.repeat(40),
    });
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      expect.stringContaining('mesh.security.change'),
    ]);
  });

  it('change what, and take back what, is said beside the changes', async () => {
    const sampled = await make({ intent: 'sampling', percent: 7 });
    const shown = async (who: string) => {
      const { body } = await portal.send(
        'get',
        `${PATH}/changes`,
        mockCredentials.user.header(who),
      );
      return body;
    };
    expect((await shown(OWNER)).cannot).toEqual({});
    const { cannot, changes } = await shown(LIMITED);
    expect(cannot).toEqual({
      'mesh.security.change':
        'This needs the permission mesh.security.change for component:default/auth-service. Its owner, or who runs the portal, can give it.',
    });
    expect(changes[0]).toMatchObject({
      id: sampled,
      needs: ['mesh.service.change'],
    });
    // As their entries in the memory ask it: an enrolment, and its way back.
    const needed = changes.map(({ needs }: { needs: string[] }) => needs);
    expect(needed.slice(-2)).toEqual([
      ['mesh.security.change'],
      ['mesh.security.change'],
    ]);
  });

  it('change nothing, is said where the cluster does not name the entity', async () => {
    const made = await fetch(
      `${mesh.urls.kubernetes}/api/v1/namespaces/orion/services`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'nobodys' },
          spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] },
        }),
      },
    );
    expect(made.status).toBe(201);
    const unbound = await startPortal({
      mesh,
      entities: [
        component('claimer', { 'meshdeck.io/services': 'orion/nobodys' }),
      ],
    });
    const { body } = await unbound.get(
      'claimer',
      '/placements/demo:orion:nobodys/changes',
    );
    await unbound.server.stop();
    const says = expect.stringContaining(
      'does not name component:default/claimer',
    );
    expect(body.cannot).toEqual({
      'mesh.service.change': says,
      'mesh.canary.run': says,
      'mesh.security.change': says,
    });
  });

  it.each([
    [LIMITED, 'VirtualService', undefined],
    [STEADY, 'VirtualService', 'mesh.canary.run'],
    [LIMITED, 'DestinationRule', 'mesh.security.change'],
    [STEADY, 'DestinationRule', undefined],
  ])('lets %s edit a %s as text: needs %s', async (who, kind, missing) => {
    const { body } = await portal.send(
      'get',
      `${PATH}/routes`,
      mockCredentials.user.header(OWNER),
    );
    const { yaml, resourceVersion, apiVersion, namespace, name } =
      body.objects.find((object: { kind: string }) => object.kind === kind);
    const object = { apiVersion, kind, namespace, name };
    const wanted = { object, seen: resourceVersion };
    for (const what of [
      { intent: 'editObject', ...wanted, yaml: `${yaml}# looked at\n` },
      { intent: 'deleteObject', ...wanted },
    ]) {
      const { status, body: answer } = await ask(who, 'preview', { what });
      expect(status).toBe(missing ? 403 : 200);
      expect(answer.error?.message ?? '').toContain(missing ?? '');
    }
  });
});
