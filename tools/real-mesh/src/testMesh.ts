import { readFileSync } from 'fs';
import type { AnyObject } from './KubeApi';
import { MeshHandle } from './MeshHandle';

/** The mesh that `npm test` started; undefined where the machine cannot run one. */
export function attachTestMesh(): MeshHandle | undefined {
  const file = process.env.MESHDECK_REAL_MESH_STATE;
  return file
    ? MeshHandle.attach(JSON.parse(readFileSync(file, 'utf8')))
    : undefined;
}

/** A namespace; what runs in it gets a proxy unless `plain`. */
export function namespace(
  name: string,
  options: { plain?: boolean } = {},
): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: options.plain ? {} : { 'istio-injection': 'enabled' },
    },
  };
}

/** An app in one version: its account and its Deployment. */
export function app(
  place: string,
  name: string,
  options: {
    version?: string;
    ports?: readonly number[];
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    replicas?: number;
    zone?: string;
  } = {},
): AnyObject[] {
  const { version = 'v1', ports = [8080], labels, annotations, zone } = options;
  const all = { app: name, version, ...labels };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: place },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `${name}-${version}`, namespace: place },
      spec: {
        replicas: options.replicas ?? 1,
        selector: { matchLabels: { app: name, version } },
        template: {
          metadata: { labels: all, annotations },
          spec: {
            serviceAccountName: name,
            ...(zone
              ? { nodeSelector: { 'topology.kubernetes.io/zone': zone } }
              : {}),
            containers: [
              {
                name: 'app',
                image: 'app',
                ports: ports.map(containerPort => ({ containerPort })),
              },
            ],
          },
        },
      },
    },
  ];
}

/** A Service of an app; ports are `{ name, port, targetPort }` and what else Kubernetes knows. */
export function service(
  place: string,
  name: string,
  ports: readonly object[] = [{ name: 'http', port: 80, targetPort: 8080 }],
  spec: object = {},
): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: place },
    spec: { selector: { app: name }, ports, ...spec },
  };
}

/** An object of Istio's networking, security or telemetry API. */
export function istio(
  kind: string,
  place: string,
  name: string,
  spec: object,
): AnyObject {
  const groups: Record<string, string> = {
    PeerAuthentication: 'security',
    AuthorizationPolicy: 'security',
    RequestAuthentication: 'security',
    Telemetry: 'telemetry',
  };
  return {
    apiVersion: `${groups[kind] ?? 'networking'}.istio.io/v1`,
    kind,
    metadata: { name, namespace: place },
    spec,
  };
}
