import { request } from 'undici';
import type { GeneratedMesh } from './GeneratedMesh';
import { median, timed } from './measure';
import { nameOf, namespaceOf, overviewPath } from './paths';
import type { Portal } from './Portal';

/** Of two services each. */
const ROUNDS = 20;

/**
 * Overviews that nobody has opened yet, beside the slowest source: all that such an overview asks of it, sent straight to
 * it at once, for a service that nobody asked about either.
 */
export async function measureCold(
  portal: Portal,
  mesh: GeneratedMesh,
): Promise<{ overviewMs: number; slowestSourceMs: number }> {
  const own: number[] = [];
  const source: number[] = [];
  for (let index = 1; index <= ROUNDS; index++) {
    await mesh.resetRequests();
    const [name, twin] = [nameOf(index), nameOf(index + ROUNDS)];
    own.push(await timed(() => portal.client.get(overviewPath(name))));
    const queries = (await mesh.log('prometheus')).map(({ url, body }) => ({
      url,
      body: body
        ?.replaceAll(name, twin)
        .replaceAll(namespaceOf(name), namespaceOf(twin)),
    }));
    source.push(
      await timed(() =>
        Promise.all(
          queries.map(({ url, body }) =>
            request(url, {
              method: body === undefined ? 'GET' : 'POST',
              body,
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
            }).then(response => response.body.text()),
          ),
        ),
      ),
    );
  }
  return { overviewMs: median(own), slowestSourceMs: median(source) };
}
