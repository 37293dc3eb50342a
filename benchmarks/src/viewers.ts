import type { GeneratedMesh } from './GeneratedMesh';
import { overviewPath, routesPath } from './paths';
import type { Portal } from './Portal';
import { pause } from './waiting';

const POLL_MS = 10_000;

/** Requests that reached each source. */
export interface Counts {
  prometheus: number;
  kubernetes: number;
  tracing: number;
  kiali: number;
}

/** What the sources get while so many people have the overview and the routes of one service open. */
export async function watchedBy(
  viewers: number,
  watched: { service: string; seconds: number },
  { portal, mesh }: { portal: Portal; mesh: GeneratedMesh },
): Promise<{ counts: Counts; lists: number; watches: number }> {
  const { service, seconds } = watched;
  await mesh.resetRequests();
  // Half a second more, so that one viewer's last look falls into the same minute as the others'.
  const end = performance.now() + seconds * 1000 + 500;
  await Promise.all(
    Array.from({ length: viewers }, async (_, viewer) => {
      await pause((viewer / viewers) * POLL_MS);
      while (performance.now() < end) {
        await Promise.all([
          portal.client.get(overviewPath(service)),
          portal.client.get(routesPath(service)),
        ]);
        await pause(POLL_MS);
      }
    }),
  );
  const { kubernetes, ...rest } = await mesh.requests();
  return {
    // Each watch begins again every five minutes, whoever looks: the minute that it falls into is chance.
    counts: { ...rest, kubernetes: kubernetes.total - kubernetes.watch },
    lists: kubernetes.list,
    watches: kubernetes.watch,
  };
}
