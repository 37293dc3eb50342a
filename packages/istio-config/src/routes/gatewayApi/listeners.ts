import { hostCovers } from '../../hosts/hosts';
import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { KUBERNETES_GATEWAY } from '../../kube/homeGroups';
import { isMap, itemsOf, textsOf } from '../../kube/reading';
import { labelSelectorMatches } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { GATEWAY_API, ParentReference } from './references';

/** One listener of a Gateway API Gateway. */
export interface Listener {
  gateway: KubeObject;
  name: string;
  port: number;
  protocol: string;
  /** `*` where it takes every host. */
  hostname: string;
  /** The TLS mode; absent for plain HTTP. */
  tls?: string;
  /** Kinds of routes that it can carry. */
  kinds: readonly string[];
  allowedRoutes: Record<string, any>;
}

const KINDS_BY_PROTOCOL: Record<string, readonly string[]> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
};

/** The listeners of a Gateway, none where another controller than Istio's runs it. */
export function listenersOf(
  set: MeshObjects,
  namespace: string,
  name: string,
): Listener[] {
  const gateway = set.get(KUBERNETES_GATEWAY, namespace, name);
  if (!gateway || !isIstios(set, gateway)) {
    return [];
  }
  return itemsOf(gateway.spec?.listeners)
    .filter(isMap)
    .map(listener => {
      const protocol = String(listener.protocol);
      const allowedRoutes = isMap(listener.allowedRoutes)
        ? listener.allowedRoutes
        : {};
      return {
        gateway,
        name: String(listener.name),
        port: Number(listener.port),
        protocol,
        hostname:
          typeof listener.hostname === 'string' && listener.hostname
            ? listener.hostname
            : '*',
        tls: tlsOf(protocol, listener.tls),
        kinds: kindsOf(protocol, allowedRoutes),
        allowedRoutes,
      };
    });
}

/** A class that no object describes is taken for one of Istio's own. */
function isIstios(set: MeshObjects, gateway: KubeObject): boolean {
  const controller: unknown = set.get(
    'GatewayClass',
    undefined,
    String(gateway.spec?.gatewayClassName),
  )?.spec?.controllerName;
  return typeof controller !== 'string' || controller.startsWith('istio.io/');
}

function tlsOf(protocol: string, tls: unknown): string | undefined {
  const isEncrypted = protocol === 'HTTPS' || protocol === 'TLS';
  if (!isEncrypted) {
    return undefined;
  }
  return isMap(tls) && typeof tls.mode === 'string' ? tls.mode : 'Terminate';
}

/** Source: istio pilot/pkg/config/kube/gateway/conditions.go, generateSupportedKinds. */
function kindsOf(
  protocol: string,
  allowedRoutes: Record<string, any>,
): readonly string[] {
  const supported = Object.hasOwn(KINDS_BY_PROTOCOL, protocol)
    ? KINDS_BY_PROTOCOL[protocol]
    : [];
  const listed = itemsOf(allowedRoutes.kinds).filter(isMap);
  return listed.length === 0
    ? supported
    : supported.filter(kind =>
        listed.some(
          entry =>
            entry.kind === kind && (entry.group ?? GATEWAY_API) === GATEWAY_API,
        ),
      );
}

/**
 * Why a route's reference to a Gateway does not attach it to a listener; undefined where it does.
 * Source: istio pilot/pkg/config/kube/gateway/conversion.go, referenceAllowed.
 */
export function whyNotAttached(
  set: MeshObjects,
  route: KubeObject,
  parent: ParentReference,
  listener: Listener,
): string | undefined {
  const place = `listener ${listener.name}`;
  if (parent.sectionName && parent.sectionName !== listener.name) {
    return `it names the listener ${parent.sectionName}`;
  }
  if (parent.port !== undefined && parent.port !== listener.port) {
    return `it names port ${parent.port}`;
  }
  if (hostnamesAt(route, listener).length === 0) {
    return `${place} has another host`;
  }
  if (!isNamespaceAllowed(set, route, listener)) {
    return `${place} takes no routes of ${namespaceOf(route)}`;
  }
  return listener.kinds.includes(route.kind)
    ? undefined
    : `${place} takes no ${route.kind}`;
}

function isNamespaceAllowed(
  set: MeshObjects,
  route: KubeObject,
  { allowedRoutes, gateway }: Listener,
): boolean {
  const { from, selector } = isMap(allowedRoutes.namespaces)
    ? allowedRoutes.namespaces
    : ({} as Record<string, any>);
  const namespace = namespaceOf(route);
  switch (from ?? 'Same') {
    case 'All':
      return true;
    case 'Same':
      return namespace === namespaceOf(gateway);
    case 'Selector':
      return (
        isMap(selector) &&
        labelSelectorMatches(selector, {
          // Kubernetes sets it on every namespace; manifests rarely write it.
          'kubernetes.io/metadata.name': namespace,
          ...set.namespace(namespace)?.metadata.labels,
        })
      );
    default:
      return false;
  }
}

/** A host of a route as it is written, and the hosts under which a listener really serves it. */
export interface ServedHostname {
  written: string;
  served: string;
}

/** The hosts of a route that a listener serves: the narrower of the two each time. */
export function hostnamesAt(
  route: KubeObject,
  listener: Listener,
): ServedHostname[] {
  const given = textsOf(route.spec?.hostnames);
  return (given.length > 0 ? given : ['*']).flatMap(written => {
    if (hostCovers(listener.hostname, written)) {
      return [{ written, served: written }];
    }
    return hostCovers(written, listener.hostname)
      ? [{ written, served: listener.hostname }]
      : [];
  });
}

/**
 * Whether another listener of the same port and protocol names a host more exactly, so that a route of this one does not
 * get it. Source: istio pilot/pkg/config/kube/gateway/conversion.go, hostnameAllowedByIsolation.
 */
export function isTakenByAnother(
  hostname: string,
  listener: Listener,
  all: readonly Listener[],
): boolean {
  return (
    listener.hostname.startsWith('*') &&
    all.some(
      other =>
        other !== listener &&
        other.hostname !== listener.hostname &&
        other.hostname !== '*' &&
        other.port === listener.port &&
        other.protocol === listener.protocol &&
        (listener.hostname === '*' ||
          listener.hostname.length <= other.hostname.length) &&
        hostCovers(other.hostname, hostname),
    )
  );
}
