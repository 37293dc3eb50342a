import { hostCovers, resolveHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshConfigSet } from '../MeshConfigSet';
import { hostsOf } from '../routes/virtualServices';

/** Objects by the hosts they name. */
interface HostIndex {
  byHost: ReadonlyMap<string, readonly KubeObject[]>;
  byPattern: readonly [pattern: string, object: KubeObject][];
}

/**
 * The VirtualServices, DestinationRules, HTTPRoutes and GRPCRoutes that name a host: as theirs, or as a destination.
 * Indexed, since a mesh has thousands of them and a host a few. @public
 */
export function objectsByHost(set: MeshConfigSet, host: string): KubeObject[] {
  const { byHost, byPattern } = set.derive(indexOf);
  const wild = byPattern
    .filter(([pattern]) => hostCovers(pattern, host))
    .map(([, object]) => object);
  return [...new Set([...(byHost.get(host.toLowerCase()) ?? []), ...wild])];
}

function indexOf(set: MeshConfigSet): HostIndex {
  const byHost = new Map<string, KubeObject[]>();
  const byPattern: [string, KubeObject][] = [];
  for (const [object, hosts] of namedHosts(set)) {
    for (const host of new Set(hosts.map(name => name.toLowerCase()))) {
      if (host.startsWith('*')) {
        byPattern.push([host, object]);
      } else {
        const list = byHost.get(host);
        if (list) {
          list.push(object);
        } else {
          byHost.set(host, [object]);
        }
      }
    }
  }
  return { byHost, byPattern };
}

function* namedHosts(
  set: MeshConfigSet,
): Iterable<[object: KubeObject, hosts: string[]]> {
  for (const object of set.all('VirtualService')) {
    yield [
      object,
      [...hostsOf(set, object), ...set.derive(destinationsOf, keyOf(object))],
    ];
  }
  for (const object of set.all('DestinationRule')) {
    yield [object, resolved(set, object, [object.spec?.host])];
  }
  for (const kind of ['HTTPRoute', 'GRPCRoute']) {
    for (const object of set.all(kind)) {
      yield [object, servicesNamedBy(set, object)];
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** The hosts that the http, tls and tcp routes of a VirtualService lead to. */
function destinationsOf(set: MeshConfigSet, key: string): string[] {
  const [namespace, name] = key.split('/');
  const object = set.get('VirtualService', namespace, name);
  const destinations = ['http', 'tls', 'tcp']
    .flatMap(protocol => itemsOf(object?.spec?.[protocol]))
    .flatMap(rule => itemsOf(rule?.route))
    .map(route => route?.destination?.host);
  return object ? resolved(set, object, destinations) : [];
}

function servicesNamedBy(set: MeshConfigSet, object: KubeObject): string[] {
  const own = namespaceOf(object);
  const backends = itemsOf(object.spec?.rules).flatMap(rule =>
    itemsOf(rule?.backendRefs),
  );
  return [...itemsOf(object.spec?.parentRefs), ...backends]
    .filter(
      ref =>
        typeof ref?.name === 'string' && (ref.kind ?? 'Service') === 'Service',
    )
    .map(
      ({ name, namespace = own }) =>
        `${name}.${namespace}.svc.${set.meshConfig.domain}`,
    );
}

function resolved(
  set: MeshConfigSet,
  object: KubeObject,
  hosts: unknown[],
): string[] {
  return hosts
    .filter((host): host is string => typeof host === 'string')
    .map(host => resolveHost(host, namespaceOf(object), set.meshConfig.domain));
}
