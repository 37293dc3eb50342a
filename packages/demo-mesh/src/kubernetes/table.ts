import type { KubeObject } from '@meshdeck/istio-config';
import type { ResourceType } from './resources';

interface Column {
  name: string;
  type?: string;
  format?: string;
  /** Shown with `-o wide` only. */
  wide?: boolean;
  cell: (object: KubeObject, now: Date) => unknown;
}

const name: Column = {
  name: 'Name',
  format: 'name',
  cell: object => object.metadata.name,
};

const UNITS: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
];

function ageOf(object: KubeObject, now: Date): string {
  const since = Date.parse(object.metadata.creationTimestamp ?? '');
  if (Number.isNaN(since)) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now.getTime() - since) / 1000));
  const unit = UNITS.find(([, size]) => seconds >= 2 * size);
  return unit ? `${Math.floor(seconds / unit[1])}${unit[0]}` : `${seconds}s`;
}

const age: Column = { name: 'Age', cell: ageOf };

function text(
  title: string,
  cell: (object: KubeObject) => unknown,
  traits: Partial<Column> = {},
): Column {
  return {
    name: title,
    ...traits,
    cell: object => {
      const value = cell(object);
      return Array.isArray(value) ? JSON.stringify(value) : value ?? '';
    },
  };
}

function count(title: string, cell: (object: KubeObject) => unknown): Column {
  return { name: title, type: 'integer', cell: o => Number(cell(o) ?? 0) };
}

function servicePorts(object: KubeObject): string {
  const ports = (object.spec?.ports ?? []) as {
    port: number;
    protocol?: string;
  }[];
  return (
    ports.map(port => `${port.port}/${port.protocol ?? 'TCP'}`).join(',') ||
    '<none>'
  );
}

function readyContainers(pod: KubeObject): string {
  const states = (pod.status?.containerStatuses ?? []) as { ready?: boolean }[];
  return `${states.filter(state => state.ready).length}/${
    pod.spec?.containers?.length ?? 0
  }`;
}

function restarts(pod: KubeObject): number {
  const states = (pod.status?.containerStatuses ?? []) as {
    restartCount?: number;
  }[];
  return states.reduce((sum, state) => sum + (state.restartCount ?? 0), 0);
}

const workloadReady = text(
  'Ready',
  object =>
    `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`,
);
const containers: Column[] = [
  text(
    'Containers',
    object =>
      object.spec?.template?.spec?.containers
        ?.map((container: { name: string }) => container.name)
        .join(','),
    { wide: true },
  ),
  text(
    'Images',
    object =>
      object.spec?.template?.spec?.containers
        ?.map((container: { image: string }) => container.image)
        .join(','),
    { wide: true },
  ),
];

const columns = new Map<string, Column[]>(
  Object.entries({
    '/Namespace': [name, text('Status', o => o.status?.phase), age],
    '/Pod': [
      name,
      text('Ready', readyContainers),
      text('Status', o =>
        o.metadata.deletionTimestamp ? 'Terminating' : o.status?.phase,
      ),
      count('Restarts', restarts),
      age,
      text('IP', o => o.status?.podIP ?? '<none>', { wide: true }),
      text('Node', o => o.spec?.nodeName ?? '<none>', { wide: true }),
    ],
    '/Service': [
      name,
      text('Type', o => o.spec?.type),
      text('Cluster-IP', o => o.spec?.clusterIP ?? '<none>'),
      text('External-IP', o => o.spec?.externalName ?? '<none>'),
      text('Port(s)', servicePorts),
      age,
      text(
        'Selector',
        o =>
          Object.entries(o.spec?.selector ?? {})
            .map(([key, value]) => `${key}=${value}`)
            .join(',') || '<none>',
        { wide: true },
      ),
    ],
    '/ConfigMap': [
      name,
      count('Data', o => Object.keys(o.data ?? {}).length),
      age,
    ],
    '/Secret': [
      name,
      text('Type', o => o.type),
      count('Data', o => Object.keys(o.data ?? {}).length),
      age,
    ],
    'apps/Deployment': [
      name,
      workloadReady,
      count('Up-to-date', o => o.status?.updatedReplicas),
      count('Available', o => o.status?.availableReplicas),
      age,
      ...containers,
    ],
    'apps/StatefulSet': [name, workloadReady, age, ...containers],
    'apps/ReplicaSet': [
      name,
      count('Desired', o => o.spec?.replicas),
      count('Current', o => o.status?.replicas),
      count('Ready', o => o.status?.readyReplicas),
      age,
      ...containers,
    ],
    'networking.istio.io/VirtualService': [
      name,
      text('Gateways', o => o.spec?.gateways),
      text('Hosts', o => o.spec?.hosts),
      age,
    ],
    'networking.istio.io/DestinationRule': [
      name,
      text('Host', o => o.spec?.host),
      age,
    ],
    'networking.istio.io/ServiceEntry': [
      name,
      text('Hosts', o => o.spec?.hosts),
      text('Location', o => o.spec?.location),
      text('Resolution', o => o.spec?.resolution),
      age,
    ],
    'networking.istio.io/WorkloadEntry': [
      name,
      age,
      text('Address', o => o.spec?.address),
    ],
    'security.istio.io/PeerAuthentication': [
      name,
      text('Mode', o => o.spec?.mtls?.mode),
      age,
    ],
    'security.istio.io/AuthorizationPolicy': [
      name,
      text('Action', o => o.spec?.action),
      age,
    ],
    'gateway.networking.k8s.io/HTTPRoute': [
      name,
      text('Hostnames', o => o.spec?.hostnames),
      age,
    ],
  }),
);

/** What kubectl prints: the same content as rows of cells. */
export class TableRenderer {
  static create(options: {
    resource: ResourceType;
    includeObject: string | null;
    clock: () => Date;
  }) {
    const { resource, includeObject, clock } = options;
    const known = columns.get(`${resource.group}/${resource.kind}`);
    return new TableRenderer(
      known ?? [name, age],
      includeObject ?? 'Metadata',
      clock,
    );
  }

  private constructor(
    private readonly shown: Column[],
    private readonly includeObject: string,
    private readonly clock: () => Date,
  ) {}

  render(objects: readonly KubeObject[], metadata: object): object {
    const now = this.clock();
    return {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      columnDefinitions: this.shown.map(column => ({
        name: column.name,
        type: column.type ?? 'string',
        format: column.format ?? '',
        description: '',
        priority: column.wide ? 1 : 0,
      })),
      rows: objects.map(object => ({
        cells: this.shown.map(column => column.cell(object, now)),
        ...this.objectOf(object),
      })),
    };
  }

  private objectOf(object: KubeObject): object {
    if (this.includeObject === 'None') return {};
    return {
      object: this.includeObject === 'Object' ? object : partial(object),
    };
  }
}

export function partial({ metadata }: KubeObject): object {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
  };
}
