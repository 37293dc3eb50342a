/** The paths of one namespace, and objects to put there. */
export function namespaced(namespace: string) {
  const istio = `/apis/networking.istio.io/v1/namespaces/${namespace}`;
  return {
    namespace,
    virtualServices: `${istio}/virtualservices`,
    destinationRules: `${istio}/destinationrules`,
    peerAuthentications: `/apis/security.istio.io/v1/namespaces/${namespace}/peerauthentications`,
    services: `/api/v1/namespaces/${namespace}/services`,
    configMaps: `/api/v1/namespaces/${namespace}/configmaps`,
    pods: `/api/v1/namespaces/${namespace}/pods`,
    deployments: `/apis/apps/v1/namespaces/${namespace}/deployments`,
  };
}

export type Paths = ReturnType<typeof namespaced>;

type Metadata = Record<string, unknown>;

export function virtualService(
  name: string,
  spec: Record<string, unknown> = { hosts: [name] },
  metadata: Metadata = {},
) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, ...metadata },
    spec,
  };
}

export function configMap(
  name: string,
  data: Record<string, string> = {},
  metadata: Metadata = {},
) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...metadata },
    data,
  };
}

export function service(
  name: string,
  ports: object[] = [{ name: 'http', port: 80, protocol: 'TCP' }],
) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports },
  };
}

export function deployment(
  name: string,
  containers: object[] = [{ name: 'app', image: 'example.com/app:1' }],
  spec: Record<string, unknown> = {},
) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers } },
      ...spec,
    },
  };
}

export function route(weights: Record<string, number>, timeout = '5s') {
  return {
    hosts: ['web'],
    http: [
      {
        timeout,
        route: Object.entries(weights).map(([subset, weight]) => ({
          destination: { host: 'web', subset },
          weight,
        })),
      },
    ],
  };
}

/** The owners of an object, by `operation manager`; who owns nothing is none. */
export function ownersOf(object: any): Record<string, unknown> {
  return Object.fromEntries(
    object.metadata.managedFields
      .map((entry: any) => [
        `${entry.operation} ${entry.manager}`,
        ownedFields(entry.fieldsV1),
      ])
      .filter(([, fields]: [string, object]) => ownsSomething(fields)),
  );
}

/** Entries of managed fields, as every version of the server has them. */
export function managedFieldsOf(object: any): object[] {
  return object.metadata.managedFields.map((entry: any) => ({
    ...entry,
    fieldsV1: ownedFields(entry.fieldsV1),
  }));
}

/** Newer servers do not say of a map of a custom object that it is owned itself. */
function ownedFields(fields: any): any {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([field]) => field !== '.')
      .map(([field, own]) => [field, ownedFields(own)]),
  );
}

/** `f:spec: {}` alone is what is left of what was taken over. */
function ownsSomething(fields: object): boolean {
  const { 'f:spec': spec, ...others } = fields as Record<string, object>;
  return Object.keys(others).length > 0 || Object.keys(spec ?? {}).length > 0;
}
