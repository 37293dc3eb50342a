import type { FleetPage } from '@meshdeck/plugin-mesh-common';
import type { startPortal } from './startPortal';

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
