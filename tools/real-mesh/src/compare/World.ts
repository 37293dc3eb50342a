import {
  findWorkload,
  type KubeObject,
  MeshObjects,
  type Workload,
} from '@meshdeck/istio-config';
import { type AnyObject, Refused } from '../KubeApi';
import type { MeshHandle, PodHandle } from '../MeshHandle';
import { namespace } from '../testMesh';
import { CAST, emptyPlaces, standingObjects } from './cast';
import { removeLeftovers, servedKinds, listStanding } from './leftovers';
import { Marker } from './Marker';
import { EDGE, KEYS, ONE, OUTSIDE, PLAIN, TWO } from './places';
import { TokenSigner } from './TokenSigner';
import { keyOf } from './Trial';

const UNPROCESSABLE = 422;

/** The mesh in which configurations are compared: who lives in it, and what is in force. */
export class World {
  /** @param isShared - whether others have objects of their own in the mesh, which are to stay */
  static async open(
    mesh: MeshHandle,
    { isShared = false } = {},
  ): Promise<World> {
    const served = await servedKinds(mesh);
    await removeLeftovers(mesh, served, isShared);
    await mesh.api.applyAll(emptyPlaces());
    await mesh.api.applyAll(await standingObjects());
    const pods = await Promise.all([
      ...Object.entries(CAST).map(([place, apps]) =>
        mesh.untilReady(place, Object.keys(apps)),
      ),
      mesh.untilReady(EDGE, ['edge']),
    ]);
    return new World(
      mesh,
      pods.flat(),
      await listStanding(mesh),
      new Set([...served.map(String), String(['v1', 'Service'])]),
    );
  }

  readonly tokens = TokenSigner.create();
  private present: AnyObject[] = [];
  private hadSidecar = false;
  private readonly marker: Marker;

  private constructor(
    private readonly mesh: MeshHandle,
    readonly pods: readonly PodHandle[],
    private readonly standing: readonly AnyObject[],
    private readonly served: ReadonlySet<string>,
  ) {
    this.marker = Marker.create(mesh, pods);
  }

  /** Whether this mesh has such objects: the Gateway API's definitions cannot be had everywhere. */
  serves({ apiVersion, kind }: AnyObject): boolean {
    return this.served.has(String([apiVersion, kind]));
  }

  /** Takes the last configuration away, writes this one, and waits until each proxy has it. */
  async put(objects: readonly AnyObject[]): Promise<MeshObjects> {
    const { api } = this.mesh;
    const wanted = new Set(objects.map(keyOf));
    await Promise.all(
      this.present
        .filter(object => !wanted.has(keyOf(object)))
        .map(object => api.remove(object)),
    );
    const written: AnyObject[] = [];
    for (const together of byAge(objects)) {
      // Kubernetes notes when an object was created by the second.
      if (written.length > 0) {
        await new Promise(resolve => setTimeout(resolve, 1000));
      }
      written.push(
        ...(await Promise.all(
          together.map(object => this.write(this.filledIn(object))),
        )),
      );
    }
    this.present = written;
    this.hadSidecar ||= written.some(({ kind }) => kind === 'Sidecar');
    await this.marker.inForce();
    return MeshObjects.create(
      [...this.standing, ...this.present] as KubeObject[],
      { complete: true },
    );
  }

  /** Server-side apply makes null of a map that becomes empty, which is then refused. */
  private async write(object: AnyObject): Promise<AnyObject> {
    const { api } = this.mesh;
    if (isHidden(object)) {
      // What istiod knew of one of that name before, it would keep.
      await api.remove(object);
    }
    try {
      return await api.apply(object);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== UNPROCESSABLE) {
        throw error;
      }
      await api.remove(object);
      return api.apply(object);
    }
  }

  /**
   * istiod keeps the endpoints of a cluster for all proxies under a name that does not tell which ports of the Service their Sidecars
   * leave them: where one asks for a port that it does not have any more, all get none. So it has to work them out again.
   */
  async refresh(): Promise<void> {
    await this.mesh.recomputeAll();
    this.hadSidecar = this.present.some(({ kind }) => kind === 'Sidecar');
    await this.marker.inForce();
  }

  /** Whether a Sidecar, of this configuration or one before, may have left endpoints that istiod keeps for nobody. */
  get mayBeStale(): boolean {
    return this.hadSidecar;
  }

  podOf(place: string, name: string): PodHandle {
    const found = this.pods.find(
      ({ object }) =>
        object.metadata.namespace === place &&
        object.metadata.labels?.app === name,
    );
    if (!found) {
      throw new Error(`Nobody is called ${place}/${name}`);
    }
    return found;
  }

  /** Of a Service; where it has none, that of one of its pods. */
  addressOf(place: string, name: string): string {
    const found = [...this.standing, ...this.present].find(
      ({ kind, metadata }) =>
        kind === 'Service' &&
        metadata.namespace === place &&
        metadata.name === name,
    );
    const { clusterIP, selector } = found!.spec;
    return clusterIP === 'None'
      ? this.podOf(place, selector.app).address
      : clusterIP;
  }

  workloadOf(set: MeshObjects, pod: PodHandle): Workload {
    const { namespace: place = '', labels = {} } = pod.object.metadata;
    return findWorkload(set, place, `${labels.app}-${labels.version}`)!;
  }

  private filledIn(object: AnyObject): AnyObject {
    const { address } = this.podOf(PLAIN, 'd');
    return JSON.parse(JSON.stringify(object), (_field, value) => {
      if (value === KEYS) {
        return this.tokens.jwks;
      }
      return value === OUTSIDE ? address : value;
    });
  }

  /** Takes everything away; nobody waits until it is gone. */
  async close(): Promise<void> {
    const { api } = this.mesh;
    await Promise.all(
      [ONE, TWO, PLAIN, EDGE].map(name => api.remove(namespace(name))),
    );
  }
}

/**
 * What is to be written one after the other: of ServiceEntries that one namespace has for a host istiod takes the oldest, and of those
 * of one second any.
 */
function byAge(objects: readonly AnyObject[]): AnyObject[][] {
  const groups: AnyObject[][] = [[]];
  const taken = new Map<string, number>();
  for (const object of objects) {
    const names =
      object.kind === 'ServiceEntry'
        ? (object.spec.hosts as string[]).map(
            host => `${object.metadata.namespace} ${host}`,
          )
        : [];
    const at = Math.max(0, ...names.map(name => taken.get(name) ?? 0));
    names.forEach(name => taken.set(name, at + 1));
    groups[at] = [...(groups[at] ?? []), object];
  }
  return groups;
}

/**
 * Of a Service that comes exported to nobody istiod learns no endpoints, also where VirtualServices lead to it; of one that is exported no
 * more, it keeps them. Source: istio pilot/pkg/serviceregistry/kube/controller/endpointslice.go, serviceNeedsPush.
 */
function isHidden({ kind, metadata }: AnyObject): boolean {
  const exportTo = metadata.annotations?.['networking.istio.io/exportTo'];
  return kind === 'Service' && exportTo === '~';
}
