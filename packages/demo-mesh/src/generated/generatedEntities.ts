import { nameOf, namespaceOf } from './GeneratedService';

/** An entity as a catalog file has it. */
export interface CatalogEntity {
  apiVersion: 'backstage.io/v1alpha1';
  kind: 'Component' | 'Group' | 'System';
  metadata: {
    name: string;
    description?: string;
    annotations?: Record<string, string>;
  };
  spec: Record<string, unknown>;
}

/** The catalog entities of a generated mesh: a Component for each service, a Group and a System for each namespace. */
export function generatedEntities(options: {
  services: number;
  /** The name of the cluster in the portal's configuration. */
  cluster?: string;
  /** Who owns the Components; by default the Group of their namespace. */
  owner?: string;
}): CatalogEntity[] {
  const { services, cluster = 'demo', owner } = options;
  const indexes = Array.from({ length: services }, (_, at) => at + 1);
  const namespaces = new Set(indexes.map(namespaceOf));
  return [
    ...[...namespaces].flatMap(groupAndSystem),
    ...indexes.map(index => component(index, cluster, owner)),
  ];
}

function groupAndSystem(name: string): CatalogEntity[] {
  return [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name },
      spec: { type: 'team', children: [] },
    },
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'System',
      metadata: { name },
      spec: { owner: `group:default/${name}` },
    },
  ];
}

function component(
  index: number,
  cluster: string,
  owner: string | undefined,
): CatalogEntity {
  const name = nameOf(index);
  const namespace = namespaceOf(index);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      description: `Service ${index} of a generated mesh`,
      annotations: {
        'backstage.io/kubernetes-id': name,
        'backstage.io/kubernetes-namespace': namespace,
        'backstage.io/kubernetes-cluster': cluster,
      },
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: owner ?? `group:default/${namespace}`,
      system: namespace,
    },
  };
}
