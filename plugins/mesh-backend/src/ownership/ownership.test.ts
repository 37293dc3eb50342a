import { mockCredentials } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import { AUTH } from '../__testUtils__/authService';
import { eventually } from '../__testUtils__/eventually';
import { fleetPage, rowOf } from '../__testUtils__/fleetPage';
import {
  component,
  startDemoMesh,
  startPortal,
} from '../__testUtils__/startPortal';

const GATEWAY = '/placements/demo:orion:gateway-service';
const byId = (name: string, id = name) =>
  component(name, { 'backstage.io/kubernetes-id': id });

describe('whose a service is', () => {
  const registry = actionsRegistryServiceMock();
  let mesh: DemoMesh;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    mesh = await startDemoMesh();
    portal = await startPortal({
      mesh,
      entities: [
        // The catalog lists it first; it is believed no more for that.
        byId('a-thief', 'gateway-service'),
        component('b-thief', {
          'meshdeck.io/services': 'orion/gateway-service',
        }),
        byId('auth-service'),
        byId('gateway-service'),
        byId('billing'),
      ],
      features: [
        actionsRegistryServiceMock.mock({
          register: registry.register.bind(registry),
        }).factory,
      ],
    });
  });

  afterAll(async () => {
    portal.server.stop();
    await mesh.stop();
  });

  const entityNamedBy = (service: string, entity: string | null) =>
    portal.access.request('demo', {
      method: 'PATCH',
      path: `/api/v1/namespaces/orion/services/${service}`,
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: JSON.stringify({
        metadata: { annotations: { 'meshdeck.io/entity': entity } },
      }),
    });

  /** What callers, topology and fleet show as the entity of a service, each once. */
  const shown = async (service: string) => {
    const security = await portal.get('auth-service', `${AUTH}/security`);
    const topology = await portal.get('auth-service', `${AUTH}/topology`);
    const things: any[] = [
      ...security.body.callers,
      ...topology.body.nodes,
    ].filter(({ name }) => name === service);
    const row = rowOf(await fleetPage(portal, '?limit=1000'), 'orion', service);
    expect(things.length).toBeGreaterThanOrEqual(1);
    const entities = [...things, row].map(
      ({ entityRef, isClaimed }) =>
        `${entityRef ?? 'nobody’s'}${isClaimed ? ', as the catalog says' : ''}`,
    );
    return [...new Set(entities)];
  };

  it('is what both sides say, whoever else claims it', async () => {
    await eventually(async () =>
      expect(await shown('gateway-service')).toEqual([
        'component:default/gateway-service',
      ]),
    );
  });

  it.each(['a-thief', 'b-thief'])(
    'opens nothing of it to %s: neither pages, nor traces, nor actions',
    async thief => {
      const { body } = await portal.get(thief, '/placements');
      expect(body).toMatchObject({
        placements: [],
        problems: expect.arrayContaining([
          {
            code: 'of-another-entity',
            message: expect.stringContaining('orion/gateway-service'),
            fix: expect.any(String),
            snippet: expect.stringContaining(`component:default/${thief}`),
          },
        ]),
      });
      for (const view of [
        'overview',
        'traces',
        'traces/0123456789abcdef0123456789abcdef',
        'dependencies',
        'certificates',
        'security',
      ]) {
        const { status } = await portal.get(thief, `${GATEWAY}/${view}`);
        expect([view, status]).toEqual([view, 404]);
      }
      await expect(
        registry.invoke({
          id: 'test:get-service-mesh-status',
          input: {
            entityRef: `component:default/${thief}`,
            placement: 'demo:orion:gateway-service',
          } as any,
          credentials: mockCredentials.user(),
        }),
      ).rejects.toThrow('belongs to another entity');
    },
  );

  it('is nobody’s where the object names an entity that does not ask for it', async () => {
    await entityNamedBy('gateway-service', 'component:default/billing');
    await eventually(async () =>
      expect(await shown('gateway-service')).toEqual(['nobody’s']),
    );
  });

  it('is said to be claimed where the object names nobody, and one entity claims it', async () => {
    await entityNamedBy('billing', null);
    await eventually(async () => {
      const row = rowOf(
        await fleetPage(portal, '?limit=1000'),
        'orion',
        'billing',
      );
      expect(row).toMatchObject({
        entityRef: 'component:default/billing',
        isClaimed: true,
      });
    });
  });

  it('is nobody’s where several claim what names nobody', async () => {
    await entityNamedBy('gateway-service', null);
    await eventually(async () =>
      expect(await shown('gateway-service')).toEqual(['nobody’s']),
    );
  });
});
