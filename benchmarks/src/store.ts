import type { RoutesView } from '@meshdeck/plugin-mesh-common';
import { GeneratedMesh } from './GeneratedMesh';
import { median } from './measure';
import { nameOf, overviewPath, routesPath } from './paths';
import { Portal } from './Portal';
import { say } from './say';
import { atRest, ready } from './waiting';

const CHANGES = 10;
/** More than have to be looked up. A portal that restarts has its catalog in the database; only this one has to fill it. */
const ENTITIES = 50;

interface StoreOptions {
  services: number;
  latencyMs: number;
  debug?: boolean;
}

export interface StoreResult {
  objects: number;
  jsonBytes: number;
  heapBytes: number;
  readyMs: number;
  changeVisibleMs: number;
  /** While the portal looks at every service for the first time. */
  changeVisibleAtStartMs: number;
}

/** A large cluster: how soon it is held, in how much memory, and how soon a change is to be seen. */
export async function measureStore(
  options: StoreOptions,
): Promise<StoreResult> {
  const { services: count, latencyMs, debug } = options;
  const empty = await heapOfEmpty(options);
  const mesh = await GeneratedMesh.start({ services: count, latencyMs });
  const { objects, jsonBytes } = await sizeOf(mesh);
  say(`${objects} objects, ${Math.round(jsonBytes / 1e6)} MB of JSON`);
  const portal = await Portal.start({
    sources: mesh.urls,
    services: ENTITIES,
    debug,
  });
  try {
    const path = overviewPath(nameOf(1));
    await ready(portal, path);
    const readyMs = Math.round(performance.now() - portal.began);
    const heapBytes = (await portal.heapBytes()) - empty;
    const changeVisibleAtStartMs = await changeVisible(portal, mesh, 1);
    await atRest(portal);
    const changeVisibleMs = await changeVisible(portal, mesh, ENTITIES / 2);
    return {
      objects,
      jsonBytes,
      heapBytes,
      readyMs,
      changeVisibleMs,
      changeVisibleAtStartMs,
    };
  } finally {
    await portal.stop();
    await mesh.stop();
  }
}

/** The heap of a portal with as many entities, over a mesh of one service. */
async function heapOfEmpty(options: StoreOptions): Promise<number> {
  const { latencyMs, debug } = options;
  const mesh = await GeneratedMesh.start({ services: 1, latencyMs });
  const portal = await Portal.start({
    sources: mesh.urls,
    services: ENTITIES,
    debug,
  });
  try {
    await ready(portal, overviewPath(nameOf(1)));
    return await portal.heapBytes();
  } finally {
    await portal.stop();
    await mesh.stop();
  }
}

/** All objects of the cluster, as the API server writes them. */
async function sizeOf(mesh: GeneratedMesh) {
  let objects = 0;
  let jsonBytes = 0;
  for (const path of await collections(mesh)) {
    const list = await mesh.kubernetes
      .get<{ items: unknown[] }>(path)
      .catch(() => undefined);
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

/** From the write to the first answer that shows it; the median of some services from the `first` on. */
async function changeVisible(
  portal: Portal,
  mesh: GeneratedMesh,
  first: number,
): Promise<number> {
  const times: number[] = [];
  for (let index = first; times.length < CHANGES; index++) {
    const name = nameOf(index);
    const before = await portal.client.get<RoutesView>(routesPath(name));
    const rule = before.objects.find(({ kind }) => kind === 'VirtualService');
    if (!rule) {
      continue;
    }
    const wanted = `${40 + index}s`;
    const path = `/apis/networking.istio.io/v1/namespaces/${rule.namespace}/virtualservices/${rule.name}`;
    const object = await mesh.kubernetes.get<{
      spec: { http: { timeout?: string }[] };
    }>(path);
    object.spec.http[0].timeout = wanted;
    await mesh.kubernetes.put(path, object);
    const began = performance.now();
    for (;;) {
      const view = await portal.client.get<RoutesView>(routesPath(name));
      if (JSON.stringify(view.objects).includes(wanted)) {
        break;
      }
    }
    times.push(performance.now() - began);
  }
  return median(times);
}
