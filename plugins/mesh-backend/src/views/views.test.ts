import type { DemoMesh } from '@meshdeck/demo-mesh';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

const AUTH = '/placements/demo:orion:auth-service';
const USER = '/placements/demo:orion:user-service';

describe('the views over the demo mesh', () => {
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      // One refresh period for all of the test: what is asked twice was asked without need.
      config: { refreshSeconds: 3600 },
      entities: ['auth-service', 'user-service', 'legacy-batch'].map(name =>
        component(name, { 'backstage.io/kubernetes-id': name }),
      ),
    });
    await portal.get('auth-service', AUTH);
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  const read = async (name: string, path: string) => {
    const { status, body } = await portal.get(name, path);
    expect(status).toBe(200);
    return body;
  };

  it('lays the day before over the window', async () => {
    const view = await read('auth-service', `${AUTH}/overview?window=1h`);
    const { points } = view.requestsPerSecond;
    const before = view.dayBefore.requestsPerSecond.points;
    expect(before.length).toBeGreaterThan(50);
    expect(Math.abs(before[0][0] - points[0][0])).toBeLessThan(120);
    expect(view.dayBefore.p99Ms.points.length).toBeGreaterThan(50);
  });

  it('names the alerts about the service only', async () => {
    const { alerts } = await read('auth-service', `${AUTH}/overview`);
    expect(alerts).toEqual(expect.any(Array));
    for (const { summary } of alerts) {
      expect(summary).toContain('auth-service');
    }
  });

  it('shows protection at work, the way in and the place in words', async () => {
    const view = await read('auth-service', `${AUTH}/routes`);
    expect(view.counters).toEqual({
      ejectedPods: expect.any(Number),
      overflowsPerSecond: expect.any(Number),
    });
    expect(view.waysIn[0].tls).toMatch(/^terminates TLS .*\([A-Z]+\)$/);
    expect(view.locality[0]).toMatch(/\.$/);
    expect(view.outOfScope).toBeUndefined();
  });

  it('tells who would be cut off if the service went STRICT', async () => {
    const { ifStrict } = await read('user-service', `${USER}/security`);
    expect(ifStrict).toMatchObject({ isStrict: false, isWatched: true });
    expect(ifStrict.breaks).toEqual([
      expect.objectContaining({
        kind: 'caller',
        requestsPerSecond: expect.any(Number),
      }),
    ]);
  });

  it('tries a call with a token, and refuses one that nobody can read', async () => {
    const { status, body } = await portal.postTo(
      'auth-service',
      `${AUTH}/security/try`,
      {
        from: 'orion/gateway-service',
        method: 'POST',
        path: '/api/auth/login',
        jwt: { issuer: 'https://idp', subject: 'jo', claims: { role: 'x' } },
      },
    );
    expect([status, body.outcome]).toEqual([200, 'allowed']);
    const bad = await portal.postTo('auth-service', `${AUTH}/security/try`, {
      method: 'GET',
      path: '/',
      jwt: { subject: 'jo' },
    });
    expect([bad.status, bad.body.error.message]).toEqual([
      400,
      expect.stringContaining('jwt.issuer'),
    ]);
  });
});
