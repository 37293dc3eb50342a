import type { KubeObject } from '@meshdeck/istio-config';
import type { ClusterChange, ClusterObjects } from '../../ClusterObjects';

const RUN = ['Deployment', 'ReplicaSet'];

/** Cluster objects for tests: Deployments, and ReplicaSets that a platform brings, get their pods at once, with a sidecar where the namespace injects one. */
export class InMemoryCluster implements ClusterObjects {
  static create(objects: readonly KubeObject[]): InMemoryCluster {
    const cluster = new InMemoryCluster();
    [...objects]
      .sort((a, b) => rank(a) - rank(b))
      .forEach(object => cluster.put(object));
    return cluster;
  }

  private readonly byKey = new Map<string, KubeObject>();
  private readonly listeners = new Set<(change: ClusterChange) => void>();

  all(): readonly KubeObject[] {
    return [...this.byKey.values()];
  }

  subscribe(listener: (change: ClusterChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get(kind: string, namespace: string, name: string): KubeObject {
    const object = this.byKey.get(`${kind}/${namespace}/${name}`);
    if (!object) {
      throw new Error(`no ${kind} ${namespace}/${name}`);
    }
    return object;
  }

  put(object: KubeObject): void {
    this.store(object);
    if (RUN.includes(object.kind)) {
      this.pods(object).forEach(pod => this.store(pod));
    }
  }

  /** Changes a copy of an object. */
  edit(
    kind: string,
    namespace: string,
    name: string,
    change: (object: KubeObject) => void,
  ): void {
    const copy = structuredClone(this.get(kind, namespace, name));
    change(copy);
    this.put(copy);
  }

  remove(kind: string, namespace: string, name: string): void {
    const object = this.get(kind, namespace, name);
    this.byKey.delete(`${kind}/${namespace}/${name}`);
    this.tell({ type: 'DELETED', object });
    if (RUN.includes(kind)) {
      this.pods(object).forEach(pod =>
        this.remove('Pod', namespace, pod.metadata.name),
      );
    }
  }

  private store(object: KubeObject): void {
    const { kind, metadata } = object;
    const key = `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
    const type = this.byKey.has(key) ? 'MODIFIED' : 'ADDED';
    this.byKey.set(key, object);
    this.tell({ type, object });
  }

  private tell(change: ClusterChange): void {
    this.listeners.forEach(listener => listener(change));
  }

  private pods({ kind, metadata, spec }: KubeObject): KubeObject[] {
    const { namespace = '', name } = metadata;
    const { template, replicas = 1 } = spec;
    const replicaSet = kind === 'ReplicaSet' ? name : `${name}-5d4f8c7b9`;
    const injects =
      this.byKey.get(`Namespace//${namespace}`)?.metadata.labels?.[
        'istio-injection'
      ] === 'enabled';
    return Array.from({ length: replicas }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${replicaSet}-${index}`,
        namespace,
        labels: template.metadata?.labels,
        annotations: template.metadata?.annotations,
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: replicaSet,
            controller: true,
          },
        ],
      },
      spec: {
        ...template.spec,
        containers: [
          ...template.spec.containers,
          ...(injects ? [{ name: 'istio-proxy', image: 'proxyv2' }] : []),
        ],
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    }));
  }
}

/** Namespaces first: they decide about the sidecars of what follows. */
function rank(object: KubeObject): number {
  return object.kind === 'Namespace' ? 0 : 1;
}
