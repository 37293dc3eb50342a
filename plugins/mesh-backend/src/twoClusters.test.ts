import { DemoMesh } from '@meshdeck/demo-mesh';
import { eventually } from './__testUtils__/eventually';
import {
  component,
  startDemoMesh,
  startPortal,
} from './__testUtils__/startPortal';

const at = (cluster: string) => `/placements/${cluster}:orion:auth-service`;

describe('an entity in two clusters', () => {
  let blue: DemoMesh;
  let green: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  const placements = async () => {
    const { body } = await portal.get('auth-service', '/placements');
    return {
      clusters: [
        ...new Set(body.placements.map((place: any) => place.cluster)),
      ].sort(),
      problems: body.problems.map((problem: any) => problem.message),
    };
  };

  beforeAll(async () => {
    [blue, green] = await Promise.all([startDemoMesh(), startDemoMesh()]);
    portal = await startPortal({
      mesh: blue,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
        component('deal-service', {
          'meshdeck.io/services': 'autolytiq/deal-service',
          'backstage.io/kubernetes-cluster': 'green',
        }),
      ],
      clusters: {
        blue: { url: blue.urls.kubernetes },
        green: { url: green.urls.kubernetes },
      },
      config: {
        clusters: [
          { name: 'green', prometheus: { url: green.urls.prometheus } },
        ],
      },
    });
  });

  afterAll(async () => {
    await portal.server.stop();
    await Promise.all([blue.stop(), green.stop()]);
  });

  it('shows both, each with its own objects and its own sources', async () => {
    expect(await placements()).toEqual({
      clusters: ['blue', 'green'],
      problems: [],
    });
    const one = await portal.get('deal-service', '/placements');
    expect(one.body.placements.map((place: any) => place.cluster)).toEqual([
      'green',
    ]);
    blue.resetRequests();
    green.resetRequests();
    const { body } = await portal.get('auth-service', `${at('green')}/routes`);
    expect(body.placement.cluster).toBe('green');
    expect(body.rules).toHaveLength(3);
    expect(blue.requests().prometheus).toBe(0);
    expect(green.requests().prometheus).toBeGreaterThan(0);
  });

  it('one down, shows the other, and of the one what was known last', async () => {
    await green.setFault('kubernetes', 'refused');
    await eventually(async () => {
      const { body } = await portal.get(
        'auth-service',
        `${at('green')}/overview`,
      );
      expect(body.sources[0]).toMatchObject({
        id: 'kubernetes',
        status: 'stale',
      });
      expect(body.routes).toBe(3);
    });
    const well = await portal.get('auth-service', `${at('blue')}/overview`);
    expect(well.body.sources[0].status).toBe('ok');
    expect((await placements()).clusters).toEqual(['blue', 'green']);

    const late = await startPortal({
      mesh: blue,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      clusters: {
        blue: { url: blue.urls.kubernetes },
        green: { url: green.urls.kubernetes },
      },
    });
    const { body } = await late.get('auth-service', '/placements');
    expect(new Set(body.placements.map((place: any) => place.cluster))).toEqual(
      new Set(['blue']),
    );
    expect(body.problems).toEqual([
      expect.objectContaining({
        code: 'cluster-unreachable',
        message: expect.stringContaining('Cluster green does not answer'),
      }),
    ]);
    await late.server.stop();

    await green.setFault('kubernetes', undefined);
    await eventually(async () => {
      const back = await portal.get('auth-service', `${at('green')}/overview`);
      expect(back.body.sources[0].status).toBe('ok');
    });
  });
});
