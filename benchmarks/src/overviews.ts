import { COLD_SERVICES } from './cold';
import { type LoadResult, measure } from './measure';
import { nameOf, overviewPath, peersOf, routesPath } from './paths';
import type { Portal } from './Portal';
import { say } from './say';

/** The first services are left to the measures that need some which nobody opened. */
export const KEPT_ASIDE = COLD_SERVICES + 2;
const WARMED_AT_ONCE = 16;

export interface Overviews {
  overview: Record<'mesh' | 'limit' | 'kubernetes' | 'kiali', LoadResult>;
  routes: LoadResult;
}

/** Our views beside what the peers ask for the same entities, and beside a route that only asks for a permission. */
export async function measureOverviews(
  portal: Portal,
  services: number,
  load: { requests: number; seconds: number },
): Promise<Overviews> {
  const { client } = portal;
  const peers = peersOf(client);
  // Spread over the mesh, and the same ones in each run.
  const anyService = (n: number) =>
    nameOf(KEPT_ASIDE + ((n * 7919) % (services - KEPT_ASIDE)) + 1);
  const run = async (
    name: string,
    send: (service: string) => Promise<unknown>,
  ) => {
    const result = await measure({ send: n => send(anyService(n)) }, load);
    say(`${name.padEnd(12)} ${describe(result)}`);
    return result;
  };
  const limit = await run('limit', name =>
    client.get(`/api/limit/limit/${name}`),
  );
  await warm(portal, services, overviewPath);
  const mesh = await run('mesh', name => client.get(overviewPath(name)));
  const kubernetes = await run('kubernetes', peers.kubernetes);
  const kiali = await run('kiali', peers.kiali);
  await warm(portal, services, routesPath);
  const routes = await run('mesh routes', name => client.get(routesPath(name)));
  return { overview: { mesh, limit, kubernetes, kiali }, routes };
}

/** Opens every page once, so that all are warm. */
async function warm(
  { client }: Portal,
  services: number,
  path: (name: string) => string,
) {
  for (let next = KEPT_ASIDE + 1; next <= services; next += WARMED_AT_ONCE) {
    const count = Math.min(WARMED_AT_ONCE, services - next + 1);
    await Promise.all(
      Array.from({ length: count }, (_, at) =>
        client.get(path(nameOf(next + at))),
      ),
    );
  }
}

function describe({ p50, p95, p99, rps }: LoadResult): string {
  return `p50 ${p50} ms  p95 ${p95} ms  p99 ${p99} ms  ${rps} answers/s`;
}
