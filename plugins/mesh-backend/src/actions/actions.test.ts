import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { mockCredentials } from '@backstage/backend-test-utils';
import { DemoMesh } from '@meshdeck/demo-mesh';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

const ENTITY = { entityRef: 'component:default/auth-service' };

describe('actions', () => {
  let mesh: DemoMesh;
  let registry: ReturnType<typeof actionsRegistryServiceMock>;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  const open = async (denied: string[] = []) => {
    registry = actionsRegistryServiceMock();
    portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      denied,
      features: [
        actionsRegistryServiceMock.mock({
          register: registry.register.bind(registry),
        }).factory,
      ],
    });
    await portal.get('auth-service', '/placements');
  };
  const invoke = async (name: string, input: object) => {
    const { output } = await registry.invoke({
      id: `test:${name}`,
      input: input as any,
      credentials: mockCredentials.user(),
    });
    return output as any;
  };

  beforeAll(async () => {
    mesh = await startDemoMesh();
  });

  afterEach(() => portal.server.stop());
  afterAll(() => mesh.stop());

  it('answer what the pages answer, in plain data', async () => {
    await open();
    const status = await invoke('get-service-mesh-status', ENTITY);
    expect(status).toMatchObject({
      placement: 'demo:orion:auth-service',
      verdict: { level: 'warning' },
      inMesh: true,
      routes: 3,
      failingSources: [],
    });
    const findings = await invoke('list-mesh-findings', {
      ...ENTITY,
      level: 'info',
    });
    expect(findings.findings).toContainEqual(
      expect.objectContaining({
        code: 'MD0101',
        object: 'DestinationRule orion/auth-service',
        fix: expect.any(String),
      }),
    );
    const route = await invoke('explain-route', {
      ...ENTITY,
      method: 'POST',
      path: '/api/auth/login',
    });
    expect(route.rule).toBe(1);
    expect(route.destinations.map((to: any) => to.share)).toEqual([0.9, 0.1]);
    const access = await invoke('explain-access', {
      ...ENTITY,
      from: 'orion/billing',
      method: 'GET',
      path: '/api/auth/me',
    });
    expect(access).toMatchObject({
      outcome: 'denied',
      decidedBy: expect.stringContaining('AuthorizationPolicy'),
    });
    const canary = await invoke('get-canary-status', ENTITY);
    expect(canary.versions.map((v: any) => v.subset)).toContain('canary');
  });

  it('only read, and say so', async () => {
    await open();
    const { actions } = await registry.list();
    expect(actions).toHaveLength(5);
    for (const { attributes, examples, description } of actions) {
      expect(attributes).toEqual({
        readOnly: true,
        destructive: false,
        idempotent: true,
      });
      expect(examples).not.toHaveLength(0);
      expect(description.length).toBeGreaterThan(40);
    }
  });

  it('ask for the permission, and refuse what does not fit', async () => {
    await open(['mesh.service.read']);
    await expect(invoke('get-canary-status', ENTITY)).rejects.toThrow(
      'mesh.service.read',
    );
    await portal.server.stop();
    await open();
    await expect(
      invoke('explain-access', { ...ENTITY, method: 'GET', path: 'nonsense' }),
    ).rejects.toThrow('path');
    await expect(
      invoke('get-canary-status', {
        ...ENTITY,
        placement: 'demo:orion:billing',
      }),
    ).rejects.toThrow('demo:orion:billing is not a placement');
  });
});
