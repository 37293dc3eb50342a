import { request } from 'undici';
import type { GeneratedMesh } from './GeneratedMesh';
import { median, timed } from './measure';
import { nameOf, namespaceOf, overviewPath } from './paths';
import type { Portal } from './Portal';

/** Of two services each. */
const ROUNDS = 60;

/** How many of the first services are used up. */
export const COLD_SERVICES = 1 + ROUNDS * 2;

interface Query {
  url: string;
  body?: string;
}

/**
 * Overviews that nobody has opened yet, beside the slowest source: all that such an overview asks of it, sent straight to
 * it at once, for a service that nobody asked about either. The two take turns in being first.
 */
export async function measureCold(
  portal: Portal,
  mesh: GeneratedMesh,
): Promise<{ overviewMs: number; slowestSourceMs: number }> {
  const open = (name: string) => portal.client.get(overviewPath(name));
  const pattern = nameOf(COLD_SERVICES);
  await mesh.resetRequests();
  await open(pattern);
  const queries = await mesh.log('prometheus');
  const overview: number[] = [];
  const source: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [own, other] = [nameOf(2 * round + 1), nameOf(2 * round + 2)];
    const works = [
      async () => overview.push(await timed(() => open(own))),
      async () =>
        source.push(await timed(() => askAll(about(other, pattern, queries)))),
    ];
    for (const work of round % 2 ? works.reverse() : works) {
      await work();
    }
  }
  return { overviewMs: median(overview), slowestSourceMs: median(source) };
}

function about(
  name: string,
  pattern: string,
  queries: readonly Query[],
): Query[] {
  return queries.map(({ url, body }) => ({
    url,
    body: body
      ?.replaceAll(pattern, name)
      .replaceAll(namespaceOf(pattern), namespaceOf(name)),
  }));
}

function askAll(queries: readonly Query[]): Promise<unknown> {
  return Promise.all(
    queries.map(async ({ url, body }) => {
      const response = await request(url, {
        method: body === undefined ? 'GET' : 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      return response.body.json();
    }),
  );
}
