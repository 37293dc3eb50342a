import type { AnyObject } from '../KubeApi';
import { OUTSIDE_HOSTS_ANNOTATION } from '../Names';
import { app, namespace, service } from '../testMesh';
import { edgeCertificate } from './edgeCertificate';
import { markerGateway, markerHost } from './Marker';
import { CREDENTIAL, EDGE, HEADLESS, ONE, PLAIN, PORTS, TWO } from './places';

const APP_PORTS = [8080, 8081, 7070, 9000];

/** Who lives in the mesh: apps by namespace, with their versions. */
export const CAST: Record<string, Record<string, readonly string[]>> = {
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

/** The namespaces, without anything in them. */
export function emptyPlaces(): AnyObject[] {
  return [
    ...[ONE, TWO, EDGE].map(name => namespace(name)),
    namespace(PLAIN, { plain: true }),
  ];
}

/** All that is there whatever is compared: the apps, Services of some kinds, and a gateway. */
export async function standingObjects(): Promise<AnyObject[]> {
  return [
    ...apps(),
    ...otherServices(),
    ...edge(),
    markerGateway(),
    markerHost(),
    await edgeCertificate(EDGE, CREDENTIAL),
  ];
}

function apps(): AnyObject[] {
  return Object.entries(CAST).flatMap(([place, known]) =>
    Object.entries(known).flatMap(([name, versions]) => [
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

/** A gateway of Istio's own template. */
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
  ];
}
