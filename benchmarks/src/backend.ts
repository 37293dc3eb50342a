import { request } from 'undici';
import { parseArgs } from 'util';
import { GeneratedMesh } from './GeneratedMesh';
import { LoadResult, measure, quantile } from './measure';
import {
  nameOf,
  namespaceOf,
  overviewPath,
  peersOf,
  routesPath,
} from './paths';
import { Portal } from './Portal';

const VIEWER_POLL_MS = 10_000;
const COLD_SERVICES = 40;

interface Counts {
  prometheus: number;
  kubernetes: number;
  tracing: number;
  kiali: number;
}

interface BenchResult {
  overview: Record<'mesh' | 'limit' | 'kubernetes' | 'kiali', LoadResult>;
  routes: LoadResult;
  cold: { overviewMs: number; slowestSourceMs: number };
  viewers: { one: Counts; hundred: Counts };
  lists: number;
  store: {
    objects: number;
    jsonBytes: number;
    heapBytes: number;
    readyMs: number;
    changeVisibleMs: number;
  };
}

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    latency: { type: 'string', default: '20ms' },
    /** Services of the store's own mesh: 16 objects each. */
    'store-services': { type: 'string', default: '3200' },
    seconds: { type: 'string', default: '8' },
    'viewer-seconds': { type: 'string', default: '60' },
    requests: { type: 'string', default: '300' },
    json: { type: 'boolean', default: false },
    debug: { type: 'boolean', default: false },
  },
});
const services = Number(values.services);
const latencyMs = Number(values.latency!.replace(/ms$/, ''));
const load = {
  requests: Number(values.requests),
  seconds: Number(values.seconds),
};

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Any service but the first ones, which the cold and viewer measures keep for themselves; the same in each run. */
function anyService(n: number): string {
  const spread = (n * 7919) % (services - COLD_SERVICES * 2);
  return nameOf(COLD_SERVICES * 2 + spread + 1);
}

/** Opens every page once, so that all are warm. */
async function warm(portal: Portal, path: (name: string) => string) {
  const { client } = portal;
  for (let index = COLD_SERVICES * 2 + 1; index <= services; index += 16) {
    await Promise.all(
      Array.from({ length: 16 }, (_, at) => index + at)
        .filter(at => at <= services)
        .map(at => client.get(path(nameOf(at)))),
    );
  }
}

async function overviews(portal: Portal) {
  const { client } = portal;
  const peers = peersOf(client);
  const loads = {
    limit: (n: number) => client.get(`/api/limit/limit/${anyService(n)}`),
    mesh: (n: number) => client.get(overviewPath(anyService(n))),
    kubernetes: (n: number) => peers.kubernetes(anyService(n)),
    kiali: (n: number) => peers.kiali(anyService(n)),
  };
  const results: Partial<Record<keyof typeof loads, LoadResult>> = {};
  for (const [name, send] of Object.entries(loads)) {
    if (name === 'mesh') {
      await warm(portal, overviewPath);
    }
    const result = await measure({ send }, load);
    say(`${name.padEnd(12)} ${describe(result)}`);
    results[name as keyof typeof loads] = result;
  }
  await warm(portal, routesPath);
  const routes = await measure(
    { send: n => client.get(routesPath(anyService(n))) },
    load,
  );
  say(`${'mesh routes'.padEnd(12)} ${describe(routes)}`);
  return { overview: results as BenchResult['overview'], routes };
}

function describe({ p50, p95, p99, rps }: LoadResult): string {
  return `p50 ${p50} ms  p95 ${p95} ms  p99 ${p99} ms  ${rps} answers/s`;
}

/**
 * Overviews that nobody has opened yet, beside the slowest source: all that such an overview asks of it, sent straight to
 * it at once, for a service that nobody asked about either.
 */
async function cold(portal: Portal, mesh: GeneratedMesh) {
  const own: number[] = [];
  const source: number[] = [];
  for (let index = 1; index <= COLD_SERVICES / 2; index++) {
    await mesh.resetRequests();
    const [name, twin] = [nameOf(index), nameOf(index + COLD_SERVICES / 2)];
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

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(times: number[]): number {
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

/** What the sources get while so many people have the overview and the routes of one service open. */
async function watchedBy(
  count: number,
  portal: Portal,
  mesh: GeneratedMesh,
): Promise<Counts & { lists: number }> {
  const service = nameOf(COLD_SERVICES + count);
  const seconds = Number(values['viewer-seconds']);
  await mesh.resetRequests();
  // Half a second more, so that one viewer's last look falls into the same minute as the others'.
  const end = performance.now() + seconds * 1000 + 500;
  await Promise.all(
    Array.from({ length: count }, async (_, viewer) => {
      await pause((viewer / count) * VIEWER_POLL_MS);
      while (performance.now() < end) {
        await Promise.all([
          portal.client.get(overviewPath(service)),
          portal.client.get(routesPath(service)),
        ]);
        await pause(VIEWER_POLL_MS);
      }
    }),
  );
  const { kubernetes, ...rest } = await mesh.requests();
  return { ...rest, kubernetes: kubernetes.total, lists: kubernetes.list };
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** A large cluster: how soon it is held, in how much memory, and how soon a change is to be seen. */
async function store(): Promise<BenchResult['store']> {
  const count = Number(values['store-services']);
  const empty = await heapOver(1, count);
  const mesh = await GeneratedMesh.start({ services: count, latencyMs });
  const { objects, jsonBytes } = await sizeOf(mesh);
  say(`${objects} objects, ${Math.round(jsonBytes / 1e6)} MB of JSON`);
  const portal = await Portal.start({
    sources: mesh.urls,
    services: count,
    debug: values.debug,
  });
  try {
    const path = overviewPath(nameOf(1));
    await ready(portal, path);
    const readyMs = Math.round(performance.now() - portal.began);
    const heapBytes = (await portal.heapBytes()) - empty;
    const changeVisibleMs = await changeVisible(portal, mesh);
    return { objects, jsonBytes, heapBytes, readyMs, changeVisibleMs };
  } finally {
    await portal.stop();
    await mesh.stop();
  }
}

/** The heap of a portal with as many entities, over a mesh of `services`. */
async function heapOver(inMesh: number, entities: number): Promise<number> {
  const mesh = await GeneratedMesh.start({ services: inMesh, latencyMs });
  const portal = await Portal.start({
    sources: mesh.urls,
    services: entities,
    debug: values.debug,
  });
  try {
    await ready(portal, overviewPath(nameOf(1)));
    return await portal.heapBytes();
  } finally {
    await portal.stop();
    await mesh.stop();
  }
}

async function ready(portal: Portal, path: string): Promise<void> {
  const end = Date.now() + 300_000;
  for (;;) {
    const view: any = await portal.client.get(path).catch(() => undefined);
    const kubernetes = view?.sources.find((s: any) => s.id === 'kubernetes');
    if (kubernetes?.status === 'ok') {
      return;
    }
    if (Date.now() > end) {
      throw new Error('The portal did not get ready');
    }
    await pause(50);
  }
}

/** All objects of the cluster, as the API server writes them. */
async function sizeOf(mesh: GeneratedMesh) {
  let objects = 0;
  let jsonBytes = 0;
  for (const path of await collections(mesh)) {
    const list: any = await mesh.kubernetes.get(path).catch(() => undefined);
    for (const item of list?.items ?? []) {
      objects += 1;
      jsonBytes += JSON.stringify(item).length;
    }
  }
  return { objects, jsonBytes };
}

/** The path of each listable resource, in its group's preferred version. */
async function collections(mesh: GeneratedMesh): Promise<string[]> {
  const { groups } = await mesh.kubernetes.get<{
    groups: { preferredVersion: { groupVersion: string } }[];
  }>('/apis');
  const roots = [
    '/api/v1',
    ...groups.map(group => `/apis/${group.preferredVersion.groupVersion}`),
  ];
  const lists = await Promise.all(
    roots.map(async root => {
      const { resources } = await mesh.kubernetes.get<{
        resources: { name: string; verbs: string[] }[];
      }>(root);
      return resources
        .filter(
          ({ name, verbs }) => verbs.includes('list') && !name.includes('/'),
        )
        .map(({ name }) => `${root}/${name}`);
    }),
  );
  return lists.flat();
}

/** From the write to the first answer that shows it; the median of some. */
async function changeVisible(
  portal: Portal,
  mesh: GeneratedMesh,
): Promise<number> {
  const times: number[] = [];
  for (let round = 1; times.length < 10; round++) {
    const name = nameOf(round);
    const before: any = await portal.client.get(routesPath(name));
    const rule = before.objects.find((o: any) => o.kind === 'VirtualService');
    if (!rule) {
      continue;
    }
    const wanted = `${40 + round}s`;
    const path = `/apis/networking.istio.io/v1/namespaces/${rule.namespace}/virtualservices/${rule.name}`;
    const object: any = await mesh.kubernetes.get(path);
    object.spec.http[0].timeout = wanted;
    await mesh.kubernetes.put(path, object);
    const began = performance.now();
    for (;;) {
      const view: any = await portal.client.get(routesPath(name));
      if (JSON.stringify(view.objects).includes(wanted)) {
        break;
      }
    }
    times.push(performance.now() - began);
  }
  return median(times);
}

async function main(): Promise<void> {
  if (!(services > COLD_SERVICES * 3)) {
    throw new Error(
      `--services is "${values.services}": it must be more than ${
        COLD_SERVICES * 3
      }`,
    );
  }
  say(`A mesh of ${services} services, ${latencyMs} ms on every source…`);
  const mesh = await GeneratedMesh.start({ services, latencyMs });
  const portal = await Portal.start({
    sources: mesh.urls,
    services,
    debug: values.debug,
  });
  let result: Omit<BenchResult, 'store'>;
  try {
    await ready(portal, overviewPath(nameOf(services)));
    await pause(3000);
    const coldResult = await cold(portal, mesh);
    say(
      `cold         ${coldResult.overviewMs} ms, its slowest source ${coldResult.slowestSourceMs} ms`,
    );
    const pages = await overviews(portal);
    const { lists: listsOne, ...one } = await watchedBy(1, portal, mesh);
    const { lists, ...hundred } = await watchedBy(100, portal, mesh);
    say(`one viewer   ${JSON.stringify(one)}`);
    say(`100 viewers  ${JSON.stringify(hundred)}`);
    result = {
      ...pages,
      cold: coldResult,
      viewers: { one, hundred },
      lists: listsOne + lists,
    };
  } finally {
    await portal.stop();
    await mesh.stop();
  }
  const all: BenchResult = { ...result, store: await store() };
  say(`store        ${JSON.stringify(all.store)}`);
  if (values.json) {
    process.stdout.write(`${JSON.stringify(all)}\n`);
  }
}

main().catch(error => {
  say(error.stack);
  process.exitCode = 1;
});
