import type { FleetPage, OverviewView } from '@meshdeck/plugin-mesh-common';
import type { Portal } from './Portal';

const READY_WITHIN_MS = 300_000;

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** Until an overview has its cluster's part. */
export async function ready(portal: Portal, path: string): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const view = await portal.client
      .get<OverviewView>(path)
      .catch(() => undefined);
    const kubernetes = view?.sources.find(({ id }) => id === 'kubernetes');
    if (kubernetes?.status === 'ok') {
      return;
    }
    if (Date.now() > end) {
      throw new Error('The portal did not get ready');
    }
    await pause(50);
  }
}

/** Until the portal has looked at every service: a measure of one page is not to be one of its start. */
export async function atRest(portal: Portal): Promise<void> {
  for (;;) {
    const { summary } = await portal.client.get<FleetPage>(
      '/api/mesh/v1/fleet/services?limit=1',
    );
    if (summary.pending === 0) {
      return;
    }
    await pause(100);
  }
}
