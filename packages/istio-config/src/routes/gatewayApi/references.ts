import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { oldestFirst } from '../../kube/age';
import { isMap, itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';

export const GATEWAY_API = 'gateway.networking.k8s.io';

/** The routes that carry HTTP, the oldest first; of one age and name the HTTPRoute. */
export function httpRoutes(set: MeshObjects): KubeObject[] {
  return oldestFirst(['HTTPRoute', 'GRPCRoute'].flatMap(kind => set.all(kind)));
}

/**
 * Routes in the order in which Istio merges those for one host: the oldest first, ties by namespace, then by the name of what it makes of
 * them, in which `~` follows their own. Source: istio pilot/pkg/config/kube/gateway/conversion.go, sortRoutesByCreationTime.
 */
export function inMergeOrder(routes: Iterable<KubeObject>): KubeObject[] {
  return oldestFirst(
    routes,
    route => `${namespaceOf(route)} ${madeName(route)}`,
  );
}

/**
 * How the name of a VirtualService begins that Istio makes of a route. No name of Kubernetes has a `~`, which comes after all its letters:
 * `web-2~` before `web~`.
 */
export function madeName({ metadata }: KubeObject): string {
  return `${metadata.name}~`;
}

/**
 * Those of the namespace where a gateway runs before all others, whatever their age.
 * Source: istio pilot/pkg/model/push_context.go, VirtualServicesForGateway.
 */
export function ownFirst(
  routes: readonly KubeObject[],
  namespace: string,
): KubeObject[] {
  const isOwn = (route: KubeObject) => namespaceOf(route) === namespace;
  return [...routes.filter(isOwn), ...routes.filter(route => !isOwn(route))];
}

/** A reference with what it leaves out filled in. */
export interface ObjectReference {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  port?: number;
}

/** One of a route's `parentRefs`. */
export interface ParentReference extends ObjectReference {
  sectionName?: string;
}

/**
 * The parents of a route. A parent is a Gateway unless group and kind say otherwise; a Service needs `group: ""`.
 * Source: istio pilot/pkg/config/kube/gateway/conversion.go, toInternalParentReference.
 */
export function parentsOf(route: KubeObject): ParentReference[] {
  return itemsOf(route.spec?.parentRefs)
    .filter(isMap)
    .map(parent => ({
      ...toReference(parent, namespaceOf(route), {
        group: GATEWAY_API,
        kind: 'Gateway',
      }),
      ...(typeof parent.sectionName === 'string' && parent.sectionName
        ? { sectionName: parent.sectionName }
        : {}),
    }));
}

/** A route and one of its references to a Gateway. */
export interface AttachedRoute {
  route: KubeObject;
  parent: ParentReference;
}

/** Routes by the Gateways they name, as `namespace/name`, in the order in which they are given. */
export function byGateway(
  routes: readonly KubeObject[],
): ReadonlyMap<string, readonly AttachedRoute[]> {
  const found = new Map<string, AttachedRoute[]>();
  for (const route of routes) {
    for (const parent of parentsOf(route)) {
      if (parent.group === GATEWAY_API && parent.kind === 'Gateway') {
        const key = `${parent.namespace}/${parent.name}`;
        const known = found.get(key) ?? [];
        found.set(key, known);
        known.push({ route, parent });
      }
    }
  }
  return found;
}

/** A reference as the Gateway API reads it, seen from an object of `namespace`. */
export function toReference(
  reference: Record<string, any>,
  namespace: string,
  defaults: { group: string; kind: string },
): ObjectReference {
  const text = (value: unknown, missing: string) =>
    typeof value === 'string' ? value : missing;
  const group = text(reference.group, defaults.group);
  return {
    group: group === 'core' ? '' : group,
    kind: text(reference.kind, defaults.kind),
    namespace: text(reference.namespace, namespace),
    name: text(reference.name, ''),
    ...(typeof reference.port === 'number' && reference.port > 0
      ? { port: reference.port }
      : {}),
  };
}
