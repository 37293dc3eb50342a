import { selects } from '@meshdeck/istio-config';
import type { AnyObject, KubeApi } from '../KubeApi';

/** Who a pod is, as Istio's metrics name it. */
export interface Identity {
  workload: string;
  namespace: string;
  app: string;
  version: string;
  canonicalService: string;
  canonicalRevision: string;
}

/** The pods and Services of the mesh, by what a proxy's log knows of them. */
export class Inventory {
  static follow(api: KubeApi): Inventory {
    return new Inventory(api);
  }

  private readonly podsByUid = new Map<string, AnyObject>();
  private readonly servicesByUid = new Map<string, AnyObject>();
  private readonly stops: (() => void)[];

  private constructor(api: KubeApi) {
    const into =
      (map: Map<string, AnyObject>) =>
      (type: 'put' | 'deleted', object: AnyObject) => {
        // A pod that went is still spoken of in what its peers log last.
        if (type === 'put') {
          map.set(object.metadata.uid!, object);
        } else if (map === this.servicesByUid) {
          map.delete(object.metadata.uid!);
        }
      };
    this.stops = [
      api.follow('/api/v1/pods', into(this.podsByUid)),
      api.follow('/api/v1/services', into(this.servicesByUid)),
    ];
  }

  /** Those that have an address. */
  pods(): AnyObject[] {
    return [...this.podsByUid.values()].filter(({ status }) => status?.podIP);
  }

  /** The one of an `address:port`, the newest where several had it. */
  podAt(address: string | undefined): AnyObject | undefined {
    const [ip] = (address ?? '').split(':');
    return this.pods()
      .reverse()
      .find(({ status }) => status.podIP === ip);
  }

  /** The Service that sends to this port of a pod. */
  serviceOf(pod: AnyObject, port: number): AnyObject | undefined {
    return [...this.servicesByUid.values()].find(
      ({ metadata, spec }) =>
        metadata.namespace === pod.metadata.namespace &&
        spec.selector &&
        selects(spec.selector, pod.metadata.labels ?? {}) &&
        spec.ports.some(
          ({ port: own, targetPort }: { port: number; targetPort?: unknown }) =>
            (targetPort ?? own) === port,
        ),
    );
  }

  stop(): void {
    this.stops.forEach(stop => stop());
  }
}

export function identityOf({ metadata }: AnyObject): Identity {
  const { labels = {}, namespace = '' } = metadata;
  const workload = workloadOf(metadata);
  const { app = 'unknown', version = 'unknown' } = labels;
  return {
    workload,
    namespace,
    app,
    version,
    canonicalService:
      labels['service.istio.io/canonical-name'] ??
      labels['app.kubernetes.io/name'] ??
      labels.app ??
      workload,
    canonicalRevision:
      labels['service.istio.io/canonical-revision'] ??
      labels['app.kubernetes.io/version'] ??
      labels.version ??
      'latest',
  };
}

/** The Deployment, or whatever else made the pod. */
function workloadOf({
  name,
  labels = {},
  ...rest
}: AnyObject['metadata']): string {
  const [owner] =
    (rest.ownerReferences as { kind: string; name: string }[] | undefined) ??
    [];
  const hash = labels['pod-template-hash'];
  return owner?.kind === 'ReplicaSet' && hash
    ? owner.name.replace(new RegExp(`-${hash}$`), '')
    : owner?.name ?? name;
}
