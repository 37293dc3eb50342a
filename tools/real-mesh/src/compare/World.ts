import {
  findWorkload,
  type KubeObject,
  MeshObjects,
  type Workload,
} from '@meshdeck/istio-config';
import { type AnyObject, Refused } from '../KubeApi';
import type { MeshHandle, PodHandle } from '../MeshHandle';
import { OUTSIDE_HOSTS_ANNOTATION } from '../Names';
import { app, istio, namespace, service } from '../testMesh';
import { until } from '../until';
import { edgeCertificate } from './edgeCertificate';
import { TokenSigner } from './TokenSigner';
import { keyOf } from './Trial';

const OWN_NAMESPACES = 'compare-';
export const ONE = 'compare-one';
export const TWO = 'compare-two';
export const PLAIN = 'compare-plain';
export const EDGE = 'compare-edge';

/** The Service without an address of its own. */
export const HEADLESS = 'heads';

/** A Service of a configuration’s own, for the app `a`. */
export const NEAR = 'near';

/** The certificate of the gateway. */
export const CREDENTIAL = 'edge-certificate';

/** Written as the address of endpoints outside the mesh; in its place comes that of a pod that has no proxy. */
export const OUTSIDE = '240.0.0.78';
/** Written as the keys of an issuer; in their place come those that tokens are signed with. */
export const KEYS = 'keys of the issuers';

const APP_PORTS = [8080, 8081, 7070, 9000];
export const PORTS = [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'http-alt', port: 81, targetPort: 8081 },
  { name: 'grpc', port: 7070 },
  { name: 'tcp', port: 9000 },
  { name: 'tls', port: 9443, targetPort: 9000 },
];

/** Who lives in the mesh: apps by namespace, with their versions. */
const CAST: Record<string, Record<string, readonly string[]>> = {
  [ONE]: { client: ['v1'], a: ['v1', 'v2'], b: ['v1'] },
  [TWO]: { client: ['v1'], a: ['v1'], c: ['v1'] },
  [PLAIN]: { client: ['v1'], d: ['v1'] },
};

/** What is looked up outside the mesh is the pod that stands for all of it. */
const ANSWERS_FOR_OUTSIDE = {
  [OUTSIDE_HOSTS_ANNOTATION]: ['x', 'y', 'z']
    .map(name => `${name}.entry.test`)
    .join(','),
};

/** Where they run: pods of one app are in more than one zone. */
const ZONES: Record<string, string> = {
  [`${ONE} a-v2`]: 'zone-2',
  [`${TWO} client-v1`]: 'zone-2',
  [`${TWO} c-v1`]: 'zone-2',
  [`${PLAIN} client-v1`]: 'zone-3',
};

/** Kinds that stay as they are while configurations come and go. */
const STANDING: readonly [apiVersion: string, kind: string][] = [
  ['v1', 'Namespace'],
  ['v1', 'Node'],
  ['v1', 'Service'],
  ['v1', 'Pod'],
  ['v1', 'ServiceAccount'],
  ['v1', 'ConfigMap'],
  ['apps/v1', 'Deployment'],
  ['discovery.k8s.io/v1', 'EndpointSlice'],
  // Those of the marks, and the gateway for them.
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'Gateway'],
];
/** Kinds of which nothing is left of an earlier run. */
const COMING_AND_GOING: readonly [apiVersion: string, kind: string][] = [
  ...[
    'VirtualService',
    'DestinationRule',
    'ServiceEntry',
    'Sidecar',
    'Gateway',
  ].map((kind): [string, string] => ['networking.istio.io/v1', kind]),
  ...['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'].map(
    (kind): [string, string] => ['security.istio.io/v1', kind],
  ),
  ...['Gateway', 'HTTPRoute', 'GRPCRoute'].map((kind): [string, string] => [
    'gateway.networking.k8s.io/v1',
    kind,
  ]),
  ['gateway.networking.k8s.io/v1', 'TLSRoute'],
  ['gateway.networking.k8s.io/v1alpha2', 'TCPRoute'],
  ['gateway.networking.k8s.io/v1beta1', 'ReferenceGrant'],
];
const MARKER_HOST = 'marker.compare.test';
const MARKER_ADDRESS = '240.0.0.77';
const UNPROCESSABLE = 422;
const IN_FORCE_WITHIN_MS = 20_000;
/** A configuration takes some 200 ms; whoever looks rarely waits for nothing. */
const LOOK_EVERY_MS = 25;

/** The mesh in which configurations are compared: who lives in it, and what is in force. */
export class World {
  /** @param isShared - whether others have objects of their own in the mesh, which are to stay */
  static async open(
    mesh: MeshHandle,
    { isShared = false } = {},
  ): Promise<World> {
    const { api } = mesh;
    const served: (readonly [string, string])[] = [];
    for (const [apiVersion, kind] of COMING_AND_GOING) {
      if (await api.serves(apiVersion, kind)) {
        served.push([apiVersion, kind]);
      }
    }
    const listed = await Promise.all(
      served.map(([apiVersion, kind]) => api.list(apiVersion, kind)),
    );
    const left = listed
      .flat()
      .filter(
        ({ metadata }) =>
          !isShared || metadata.namespace?.startsWith(OWN_NAMESPACES),
      );
    await Promise.all(left.map(object => api.remove(object)));
    await api.remove(service(ONE, NEAR));
    const ending = (await api.list('v1', 'Namespace'))
      .filter(({ metadata }) => metadata.deletionTimestamp)
      .map(({ metadata }) => metadata.name)
      .filter(name => name.startsWith(OWN_NAMESPACES));
    await mesh.removeNamespaces(ending);
    await api.applyAll([
      ...[ONE, TWO, EDGE].map(name => namespace(name)),
      namespace(PLAIN, { plain: true }),
    ]);
    const objects = Object.entries(CAST).flatMap(([place, apps]) =>
      Object.entries(apps).flatMap(([name, versions]) => [
        ...versions.flatMap(version =>
          app(place, name, {
            version,
            ports: APP_PORTS,
            annotations: name === 'd' ? ANSWERS_FOR_OUTSIDE : undefined,
            zone: ZONES[`${place} ${name}-${version}`],
          }),
        ),
        service(place, name, PORTS),
      ]),
    );
    await api.applyAll([
      ...objects,
      ...otherServices(),
      ...edge(),
      ...markerHost(),
      await edgeCertificate(EDGE, CREDENTIAL),
    ]);
    const pods = await Promise.all([
      ...Object.entries(CAST).map(([place, apps]) =>
        mesh.untilReady(place, Object.keys(apps)),
      ),
      mesh.untilReady(EDGE, ['edge']),
    ]);
    const standing = await Promise.all(
      STANDING.map(([apiVersion, kind]) => api.list(apiVersion, kind)),
    );
    return new World(
      mesh,
      pods.flat(),
      standing.flat(),
      new Set([...served.map(String), String(['v1', 'Service'])]),
    );
  }

  readonly tokens = TokenSigner.create();
  private present: AnyObject[] = [];
  private hadSidecar = false;
  private round = 0;

  private constructor(
    private readonly mesh: MeshHandle,
    readonly pods: readonly PodHandle[],
    private readonly standing: readonly AnyObject[],
    private readonly served: ReadonlySet<string>,
  ) {}

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
    await this.inForce();
    return MeshObjects.create(
      [...this.standing, ...this.present] as KubeObject[],
      { complete: true },
    );
  }

  /** Server-side apply makes null of a map that becomes empty, which is then refused. */
  private async write(object: AnyObject): Promise<AnyObject> {
    const { api } = this.mesh;
    if (isHidden(object)) {
      await api.apply({
        ...object,
        metadata: { ...object.metadata, annotations: {} },
      });
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
    await this.inForce();
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

  /** A mark is written after the configuration, and answered by each proxy that has both. */
  private async inForce(): Promise<void> {
    this.round += 1;
    const mark = `round-${this.round}-${process.pid}`;
    await this.mesh.api.apply(
      istio('VirtualService', 'istio-system', 'compare-marker', {
        hosts: [MARKER_HOST],
        gateways: ['mesh', `${EDGE}/marker`],
        http: [{ directResponse: { status: 200, body: { string: mark } } }],
      }),
    );
    await Promise.all(
      this.pods
        .filter(({ hasProxy }) => hasProxy)
        .map(pod =>
          until(
            `${mark} at ${pod.id}`,
            IN_FORCE_WITHIN_MS,
            async () => ((await isMarked(pod, mark)) ? true : undefined),
            { everyMs: LOOK_EVERY_MS },
          ),
        ),
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
 * Of a Service that comes exported to nobody istiod takes no note until another Service changes, though VirtualServices may lead to it;
 * where one is exported no more, it does. Source: istio pilot/pkg/serviceregistry/kube/controller/controller.go, serviceUpdateNeedsPush.
 */
function isHidden({ kind, metadata }: AnyObject): boolean {
  const exportTo = metadata.annotations?.['networking.istio.io/exportTo'];
  return kind === 'Service' && exportTo === '~';
}

async function isMarked(pod: PodHandle, mark: string): Promise<boolean> {
  if (pod.object.metadata.namespace === EDGE) {
    // A policy of the configuration may refuse what is asked of a gateway.
    const routes = await pod.admin(
      '/config_dump?resource=dynamic_route_configs',
    );
    // Until the certificate of a listener is there, nothing answers on its port.
    return routes.includes(mark) && (await hasSettled(pod));
  }
  const { body } = await pod.app.send({
    kind: 'http',
    address: MARKER_ADDRESS,
    port: 80,
    host: MARKER_HOST,
    withinMs: 1000,
  });
  return body === mark;
}

async function hasSettled(pod: PodHandle): Promise<boolean> {
  const warming = await pod.admin('/stats?filter=total_listeners_warming');
  return /total_listeners_warming: 0$/m.test(warming);
}

/** Services that are in some way unlike the others. */
function otherServices(): AnyObject[] {
  const hidden = service(TWO, 'hidden', PORTS, { selector: { app: 'c' } });
  return [
    service(ONE, 'single', [{ name: 'http', port: 8000, targetPort: 8080 }], {
      selector: { app: 'b' },
    }),
    {
      ...hidden,
      metadata: {
        ...hidden.metadata,
        annotations: { 'networking.istio.io/exportTo': '.' },
      },
    },
    service(
      ONE,
      HEADLESS,
      [
        { name: 'http', port: 8080 },
        { name: 'http-alt', port: 8081 },
      ],
      { selector: { app: 'a' }, clusterIP: 'None' },
    ),
    service(ONE, 'alias', [{ name: 'http', port: 80 }], {
      selector: undefined,
      type: 'ExternalName',
      externalName: 'b.compare-one.svc.cluster.local',
    }),
  ];
}

/** A gateway of Istio's own template, and the Gateway for the marks. */
function edge(): AnyObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'edge', namespace: EDGE },
    },
    // istiod gives a gateway only the certificates that its account may read.
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'edge', namespace: EDGE },
      rules: [
        { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'edge', namespace: EDGE },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Role',
        name: 'edge',
      },
      subjects: [{ kind: 'ServiceAccount', name: 'edge' }],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'edge-v1', namespace: EDGE },
      spec: {
        selector: { matchLabels: { app: 'edge' } },
        template: {
          metadata: {
            labels: { app: 'edge', istio: 'compare-edge', version: 'v1' },
            annotations: { 'inject.istio.io/templates': 'gateway' },
          },
          spec: {
            serviceAccountName: 'edge',
            containers: [{ name: 'istio-proxy', image: 'auto' }],
          },
        },
      },
    },
    service(EDGE, 'edge', [
      { name: 'http', port: 80, targetPort: 80 },
      { name: 'http-81', port: 81, targetPort: 81 },
      { name: 'http-82', port: 82, targetPort: 82 },
      { name: 'https', port: 443, targetPort: 443 },
      { name: 'https-444', port: 444, targetPort: 444 },
      { name: 'tcp-9003', port: 9003, targetPort: 9003 },
      { name: 'tls-9444', port: 9444, targetPort: 9444 },
      { name: 'marker', port: 8999, targetPort: 8999 },
    ]),
    istio('Gateway', EDGE, 'marker', {
      selector: { istio: 'compare-edge' },
      servers: [
        {
          port: { number: 8999, name: 'http-marker', protocol: 'HTTP' },
          hosts: [MARKER_HOST],
        },
      ],
    }),
  ];
}

function markerHost(): AnyObject[] {
  return [
    istio('ServiceEntry', 'istio-system', 'compare-marker', {
      hosts: [MARKER_HOST],
      addresses: [MARKER_ADDRESS],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address: MARKER_ADDRESS }],
    }),
  ];
}
