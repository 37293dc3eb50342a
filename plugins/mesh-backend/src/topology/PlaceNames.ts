import {
  findWorkload,
  itemsOf,
  KubeObject,
  MeshObjects,
  selects,
  Workload,
  workloadsOf,
} from '@meshdeck/istio-config';
import type { TopologyNode } from '@meshdeck/plugin-mesh-common';

/** A side of calls, before anything is known of its calls. */
export type Place = Pick<TopologyNode, 'id' | 'kind' | 'name' | 'namespace'> & {
  workloads: readonly Workload[];
};

const NOBODY: Place = {
  id: 'unknown',
  kind: 'unknown',
  name: 'unknown callers',
  workloads: [],
};

/** Istio's names for what its registry does not know. */
const OUTSIDE = new Map([
  ['PassthroughCluster', 'outside the mesh'],
  ['InboundPassthroughCluster', 'outside the mesh'],
  ['BlackHoleCluster', 'blocked: not in the registry'],
]);

/** Turns the names that metrics have into the things that bear them. */
export class PlaceNames {
  static create(options: {
    set: MeshObjects;
    /** These go before others that select the same pods. */
    subjects: readonly { namespace: string; name: string }[];
  }) {
    return new PlaceNames(options.set, options.subjects);
  }

  private readonly byWorkload = new Map<string, Place>();
  private readonly gatewaySelectors: unknown[];

  private constructor(
    private readonly set: MeshObjects,
    private readonly subjects: readonly { namespace: string; name: string }[],
  ) {
    this.gatewaySelectors = set
      .all('Gateway')
      .map(gateway => gateway.spec?.selector)
      .filter(Boolean);
  }

  /** Who called. */
  caller(labels: Record<string, string>): Place {
    const { source_workload: name, source_workload_namespace: namespace } =
      labels;
    if (isUnknown(name) || isUnknown(namespace)) {
      return NOBODY;
    }
    const key = `${namespace}/${name}`;
    const known = this.byWorkload.get(key) ?? this.ofWorkload(namespace, name);
    this.byWorkload.set(key, known);
    return known;
  }

  /** Who was called. */
  called(labels: Record<string, string>): Place {
    const {
      destination_service_name: name,
      destination_service_namespace: namespace,
      destination_service: host,
    } = labels;
    if (!isUnknown(name) && this.set.get('Service', namespace, name)) {
      return this.service(namespace, name);
    }
    const known = isUnknown(name) ? host : name;
    const title = OUTSIDE.get(known) ?? (isUnknown(host) ? known : host);
    return {
      id: `external:${title}`,
      kind: 'external',
      name: isUnknown(title) ? 'unknown destinations' : title,
      workloads: [],
    };
  }

  service(namespace: string, name: string): Place {
    return {
      id: `service:${namespace}/${name}`,
      kind: 'service',
      name,
      namespace,
      workloads: workloadsOf(this.set, namespace, name),
    };
  }

  private ofWorkload(namespace: string, name: string): Place {
    const workload = findWorkload(this.set, namespace, name);
    const services = workload ? this.servicesOf(workload) : [];
    const own =
      services.find(({ metadata }) =>
        this.subjects.some(
          subject =>
            subject.namespace === namespace && subject.name === metadata.name,
        ),
      ) ??
      services.find(
        ({ metadata }) => metadata.name === workload?.canonicalService,
      ) ??
      services[0];
    if (workload && this.isGateway(workload)) {
      return {
        id: `gateway:${namespace}/${name}`,
        kind: 'gateway',
        name,
        namespace,
        workloads: [workload],
      };
    }
    return own
      ? this.service(namespace, own.metadata.name)
      : {
          id: `workload:${namespace}/${name}`,
          kind: 'workload',
          name,
          namespace,
          workloads: workload ? [workload] : [],
        };
  }

  private servicesOf({ namespace, labels }: Workload): KubeObject[] {
    return itemsOf(this.set.inNamespace('Service', namespace)).filter(
      ({ spec }) =>
        spec?.selector &&
        Object.keys(spec.selector).length > 0 &&
        selects(spec.selector, labels),
    );
  }

  private isGateway({ labels }: Workload): boolean {
    return (
      labels['gateway.networking.k8s.io/gateway-name'] !== undefined ||
      this.gatewaySelectors.some(selector =>
        selects(selector as Record<string, string>, labels),
      )
    );
  }
}

function isUnknown(name: string | undefined): boolean {
  return !name || name === 'unknown';
}
