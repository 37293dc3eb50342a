import { DemoMesh } from '@meshdeck/demo-mesh';
import { AUTH, authService } from '../__testUtils__/authService';
import { eventually } from '../__testUtils__/eventually';
import { LIST_FAULTS, breakList } from '../__testUtils__/breakList';
import { startDemoMesh, startPortal } from '../__testUtils__/startPortal';

describe.each(Object.keys(LIST_FAULTS))('a kind that %s', fault => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  const open = async (plural: string) => {
    portal = await startPortal({
      mesh,
      entities: [authService],
      onAccess: access => breakList(access, plural, fault),
    });
  };
  const read = async (view: string) => {
    const { status, body } = await portal.get(
      'auth-service',
      `${AUTH}/${view}`,
    );
    expect(status).toBe(200);
    return body;
  };
  const named = (kind: string) =>
    eventually(async () => {
      const { sources } = await read('overview');
      expect(sources[0]).toMatchObject({
        id: 'kubernetes',
        status: 'partial',
        message: expect.stringMatching(
          new RegExp(`^${kind} .* of cluster demo cannot be read`),
        ),
      });
    });
  const move = async (stable: number) => {
    const { rules, object } = await read('canary');
    const { rule } = rules.find(({ weights }: any) => weights.canary > 0);
    return portal.postTo('auth-service', `${AUTH}/canary/apply`, {
      rule,
      weights: { stable, canary: 100 - stable },
      resourceVersion: object.resourceVersion,
      takeOver: true,
    });
  };

  beforeAll(async () => {
    mesh = await startDemoMesh();
  });
  afterEach(() => portal.server.stop());
  afterAll(() => mesh.stop());

  it('and is not essential costs only its own part, and no change that does not need it', async () => {
    await open('envoyfilters');
    await named('EnvoyFilter');
    const { routes, verdict } = await read('overview');
    expect(routes).toBe(3);
    expect(verdict.level).not.toBe('unknown');
    const { status, body } = await move(80);
    expect([status, body.error?.message]).toEqual([200, undefined]);
  });

  it('and says who moves the weights keeps people from moving them, and costs nothing else', async () => {
    await open('rollouts');
    await named('Rollout');
    expect((await read('overview')).routes).toBe(3);
    expect((await read('canary')).cannotChange).toMatch(
      /^Rollout .* nobody knows whether this is safe/,
    );
    const { status, body } = await move(70);
    expect([status, body.error?.message]).toEqual([
      400,
      expect.stringMatching(/^Rollout .*Nothing was changed\.$/),
    ]);
  });
});
