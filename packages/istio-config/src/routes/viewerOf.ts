import { itemsOf, isMap } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { workloadsIn } from '../workloads/workloads';
import type { RequestOrigin } from './types';

/** The proxy that routes what comes from an origin: where it runs and how it is labelled decides which objects it sees. */
export interface Viewer {
  /** `mesh`, or the Gateway as `namespace/name`. */
  gateway: string;
  namespace: string;
  /** Undefined where they are not known: then any may be meant. */
  labels?: Record<string, string>;
}

/** The proxy of a caller in the mesh, or the pods of a gateway. */
export function viewerOf(set: MeshObjects, from: RequestOrigin): Viewer {
  return from.type === 'mesh'
    ? { gateway: 'mesh', namespace: from.namespace, labels: from.labels }
    : set.derive(gatewayViewer, from.gateway);
}

/**
 * The pods that a Gateway selects may run in any namespace, and it is theirs that counts, not the Gateway's; of several the
 * Gateway's own is taken, then the root namespace. Without pods the Gateway's own.
 */
function gatewayViewer(set: MeshObjects, gateway: string): Viewer {
  const [own, name] = gateway.split('/');
  const selector: unknown = set.get('Gateway', own, name)?.spec?.selector;
  if (!isMap(selector)) {
    return { gateway, namespace: own };
  }
  const places = [
    own,
    set.meshConfig.rootNamespace,
    ...set.namespacesWith(['Pod']),
  ];
  for (const namespace of places) {
    const found = workloadsIn(set, namespace).find(
      ({ labels, pods }) => pods.length > 0 && selects(selector, labels),
    );
    if (found) {
      return { gateway, namespace, labels: found.labels };
    }
  }
  return { gateway, namespace: own };
}

/** The other Gateways whose servers the same pods serve. */
export function gatewaysBeside(
  set: MeshObjects,
  { gateway, labels }: Viewer,
): string[] {
  if (!labels) {
    return [];
  }
  return set
    .all('Gateway')
    .filter(
      ({ spec, metadata }) =>
        `${metadata.namespace}/${metadata.name}` !== gateway &&
        isMap(spec?.selector) &&
        itemsOf(spec.servers).length > 0 &&
        selects(spec.selector, labels),
    )
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}
