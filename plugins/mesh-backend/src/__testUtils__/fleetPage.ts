import type { FleetPage, FleetRow } from '@meshdeck/plugin-mesh-common';
import { eventually } from './eventually';
import { component, type startPortal } from './startPortal';

type Portal = Awaited<ReturnType<typeof startPortal>>;

/** A page of the fleet's services, as the route answers it. */
export async function fleetPage(
  portal: Portal,
  search = '',
): Promise<FleetPage> {
  const { status, body } = await portal.getPath(`/fleet/services${search}`);
  expect(status).toBe(200);
  return body;
}

/** The entities of two services. */
export const ENTITIES = [
  component('auth-service', { 'backstage.io/kubernetes-id': 'auth-service' }),
  component('deal-service', {
    'meshdeck.io/services': 'autolytiq/deal-service',
  }),
];

/** Once the catalog's entities were read. */
export async function pageWithOwners(portal: Portal): Promise<FleetPage> {
  return eventually(async () => {
    const view = await fleetPage(portal, '?limit=1000');
    expect(view.rows.some(({ owner }) => owner)).toBe(true);
    return view;
  });
}

export function rowOf({ rows }: FleetPage, namespace: string, service: string) {
  return rows.find(
    ({ placement }) =>
      placement.namespace === namespace && placement.service === service,
  )!;
}

export const idsOf = (rows: FleetRow[]) =>
  rows.map(({ placement }) => placement.id);
