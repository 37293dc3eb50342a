import { defineHostIndex, type HostsOf } from '../hosts/hostIndex';
import {
  hostCovers,
  resolveHost,
  serviceHost,
  serviceOfHost,
} from '../hosts/hosts';
import { filedKind } from '../kube/homeGroups';
import {
  KubeObject,
  type KubeObjectRef,
  namespaceOf,
} from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import {
  hostsOf,
  targetsOf,
  virtualServicesNaming,
  virtualServicesTo,
} from '../routes/virtualServices';

const INDEXES = [
  virtualServicesNaming,
  virtualServicesTo,
  defineHostIndex('DestinationRule', hostOfRule),
  defineHostIndex('HTTPRoute', servicesNamedBy),
  defineHostIndex('GRPCRoute', servicesNamedBy),
];

const HOSTS: Readonly<Record<string, HostsOf>> = {
  VirtualService: (set, object) => [
    ...hostsOf(set, object),
    ...targetsOf(set, object),
  ],
  DestinationRule: hostOfRule,
  HTTPRoute: servicesNamedBy,
  GRPCRoute: servicesNamedBy,
};

/**
 * The VirtualServices, DestinationRules, HTTPRoutes and GRPCRoutes that name a host: as theirs, or as a destination.
 * @public
 */
export function objectsByHost(set: MeshObjects, host: string): KubeObject[] {
  return [...new Set(INDEXES.flatMap(index => index(set, host)))];
}

/** The Services of which an object says something, as a host or as a destination: the other way round. @public */
export function servicesNamed(
  set: MeshObjects,
  ref: KubeObjectRef,
): KubeObject[] {
  const object = set.get(filedKind(ref), ref.namespace, ref.name);
  const hosts = object ? HOSTS[object.kind]?.(set, object) ?? [] : [];
  const [wild, exact] = [true, false].map(isWild =>
    hosts.filter(host => host.startsWith('*') === isWild),
  );
  const covered =
    wild.length > 0
      ? set
          .all('Service')
          .filter(service =>
            wild.some(host => hostCovers(host, hostOf(set, service))),
          )
      : [];
  const named = exact.flatMap(
    host => serviceOfHost(set, host.toLowerCase()) ?? [],
  );
  return [...new Set([...named, ...covered])];
}

function hostOf(set: MeshObjects, { metadata }: KubeObject): string {
  return serviceHost(
    metadata.namespace ?? 'default',
    metadata.name,
    set.meshConfig.domain,
  );
}

function hostOfRule(set: MeshObjects, rule: KubeObject): string[] {
  const host: unknown = rule.spec?.host;
  return typeof host === 'string'
    ? [resolveHost(host, namespaceOf(rule), set.meshConfig.domain)]
    : [];
}

function servicesNamedBy(set: MeshObjects, object: KubeObject): string[] {
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
