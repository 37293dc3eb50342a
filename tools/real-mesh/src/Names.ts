import type { AnyObject, KubeApi } from './KubeApi';

/** A pod with this annotation answers for hosts outside the cluster: `httpbin.example.com,other.example.com`. */
export const OUTSIDE_HOSTS_ANNOTATION = 'real-mesh/outside-hosts';

const DOMAIN = '.svc.cluster.local';

/** The addresses of names, as a cluster's DNS knows them. */
export class Names {
  /** @param fixed - addresses of Services that stand outside the cluster's network. */
  static follow(api: KubeApi, fixed: Record<string, string>): Names {
    return new Names(api, new Map(Object.entries(fixed)));
  }

  private readonly services = new Map<string, AnyObject>();
  private readonly slices = new Map<string, AnyObject>();
  private readonly pods = new Map<string, AnyObject>();
  private readonly stops: (() => void)[];

  private constructor(
    api: KubeApi,
    private readonly fixed: ReadonlyMap<string, string>,
  ) {
    const into =
      (map: Map<string, AnyObject>) =>
      (type: 'put' | 'deleted', object: AnyObject) => {
        if (type === 'put') {
          map.set(object.metadata.uid!, object);
        } else {
          map.delete(object.metadata.uid!);
        }
      };
    this.stops = [
      api.follow('/api/v1/services', into(this.services)),
      api.follow('/apis/discovery.k8s.io/v1/endpointslices', into(this.slices)),
      api.follow('/api/v1/pods', into(this.pods)),
    ];
  }

  /** Undefined for a name that nobody has. */
  addressesOf(name: string): string[] | undefined {
    if (name.endsWith(DOMAIN)) {
      return this.addressesOfService(name.slice(0, -DOMAIN.length));
    }
    const outside = [...this.pods.values()]
      .filter(({ metadata }) =>
        metadata.annotations?.[OUTSIDE_HOSTS_ANNOTATION]?.split(',').includes(
          name,
        ),
      )
      .map(({ status }) => status?.podIP)
      .filter(Boolean);
    return outside.length ? outside : undefined;
  }

  stop(): void {
    this.stops.forEach(stop => stop());
  }

  private addressesOfService(name: string): string[] | undefined {
    const fixed = this.fixed.get(name);
    if (fixed) {
      return [fixed];
    }
    const [service, namespace, ...more] = name.split('.');
    if (more.length) {
      return undefined;
    }
    const found = [...this.services.values()].find(
      ({ metadata }) =>
        metadata.name === service && metadata.namespace === namespace,
    );
    if (!found) {
      return undefined;
    }
    const { clusterIP, type, externalName } = found.spec;
    if (type === 'ExternalName') {
      return this.addressesOf(externalName);
    }
    return clusterIP === 'None'
      ? this.endpointsOf(service, namespace)
      : [clusterIP];
  }

  private endpointsOf(service: string, namespace: string): string[] {
    return [...this.slices.values()]
      .filter(
        ({ metadata }) =>
          metadata.namespace === namespace &&
          metadata.labels?.['kubernetes.io/service-name'] === service,
      )
      .flatMap(({ endpoints }) => (endpoints as any[] | null) ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses);
  }
}
