import type { ResourceType } from '../resources';

/**
 * How the parts of a kind merge. Lists are atomic and objects granular unless said otherwise here, so only the
 * exceptions are written down.
 */
export type FieldSchema =
  /** A custom resource: nothing is declared, so each map key is an item of its own. */
  | { type: 'deduced' }
  /** Declared fields; those not listed are structs or atomic values. */
  | { type: 'struct'; fields: ReadonlyMap<string, FieldSchema> }
  /** A map with free keys, such as labels. */
  | { type: 'map' }
  /** A list of objects told apart by keys. */
  | {
      type: 'list';
      keys: readonly string[];
      defaults: Readonly<Record<string, unknown>>;
      of: FieldSchema;
    }
  /** A list of distinct scalars. */
  | { type: 'set' }
  | { type: 'atomic' };

function struct(fields: Record<string, FieldSchema> = {}): FieldSchema {
  return { type: 'struct', fields: new Map(Object.entries(fields)) };
}

function listBy(
  keys: string[],
  of: FieldSchema = struct(),
  defaults: Record<string, unknown> = {},
): FieldSchema {
  return { type: 'list', keys, of, defaults };
}

const deduced: FieldSchema = { type: 'deduced' };
const map: FieldSchema = { type: 'map' };
const set: FieldSchema = { type: 'set' };
const atomic: FieldSchema = { type: 'atomic' };
const anyStruct = struct();
const conditions = listBy(['type']);

const objectMeta = struct({
  labels: map,
  annotations: map,
  finalizers: set,
  ownerReferences: listBy(['uid']),
});

const container = struct({
  env: listBy(['name']),
  ports: listBy(['containerPort', 'protocol'], anyStruct, { protocol: 'TCP' }),
  resources: struct({ limits: map, requests: map }),
  volumeDevices: listBy(['devicePath']),
  volumeMounts: listBy(['mountPath']),
});

const podSpec = struct({
  containers: listBy(['name'], container),
  initContainers: listBy(['name'], container),
  ephemeralContainers: listBy(['name'], container),
  volumes: listBy(['name'], struct({ csi: struct({ volumeAttributes: map }) })),
  imagePullSecrets: listBy(['name']),
  hostAliases: listBy(['ip']),
  topologySpreadConstraints: listBy(
    ['topologyKey', 'whenUnsatisfiable'],
    struct({ labelSelector: atomic }),
  ),
  nodeSelector: map,
  overhead: map,
});

const workload = struct({
  metadata: objectMeta,
  spec: struct({
    selector: atomic,
    template: struct({ metadata: objectMeta, spec: podSpec }),
  }),
  status: struct({ conditions }),
});

const plain = { metadata: objectMeta };

const builtInSchemas = new Map<string, FieldSchema>(
  Object.entries({
    Deployment: workload,
    StatefulSet: workload,
    DaemonSet: workload,
    ReplicaSet: workload,
    Pod: struct({
      ...plain,
      spec: podSpec,
      status: struct({ conditions, podIPs: listBy(['ip']) }),
    }),
    Service: struct({
      ...plain,
      spec: struct({
        ports: listBy(['port', 'protocol'], anyStruct, { protocol: 'TCP' }),
        selector: map,
      }),
      status: struct({ conditions }),
    }),
    Namespace: struct({ ...plain, status: struct({ conditions }) }),
    Node: struct({
      ...plain,
      spec: struct({ podCIDRs: set }),
      status: struct({
        addresses: listBy(['type']),
        allocatable: map,
        capacity: map,
        conditions,
      }),
    }),
    ServiceAccount: struct({ ...plain, secrets: listBy(['name']) }),
    ConfigMap: struct({ ...plain, data: map, binaryData: map }),
    Secret: struct({ ...plain, data: map, stringData: map }),
  }),
);

/** How the objects of one kind merge. */
export function schemaOf(type: ResourceType): FieldSchema {
  if (!type.builtIn) return deduced;
  return builtInSchemas.get(type.kind) ?? struct(plain);
}

/** The schema of one field of an object. */
export function fieldSchema(schema: FieldSchema, field: string): FieldSchema {
  switch (schema.type) {
    case 'struct':
      return schema.fields.get(field) ?? anyStruct;
    case 'deduced':
      return deduced;
    case 'list':
      return schema.of;
    default:
      return anyStruct;
  }
}
