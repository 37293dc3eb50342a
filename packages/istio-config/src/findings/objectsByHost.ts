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
import type { MeshObjects } from '../MeshObjects';
import { namedHosts } from '../routes/gatewayApi/namedHosts';
import {
  hostsOf,
  mirrorTargetsOf,
  targetsOf,
  virtualServicesNaming,
  virtualServicesTo,
} from '../routes/virtualServices';

const INDEXES = [
  virtualServicesNaming,
  virtualServicesTo,
  defineHostIndex('VirtualService', mirrorTargetsOf),
  defineHostIndex('DestinationRule', hostOfRule),
  defineHostIndex('HTTPRoute', namedHosts),
  defineHostIndex('GRPCRoute', namedHosts),
];

const HOSTS: Readonly<Record<string, HostsOf>> = {
  VirtualService: (set, object) => [
    ...hostsOf(set, object),
    ...targetsOf(set, object),
    ...mirrorTargetsOf(set, object),
  ],
  DestinationRule: hostOfRule,
  HTTPRoute: namedHosts,
  GRPCRoute: namedHosts,
};

/**
 * The VirtualServices, DestinationRules, HTTPRoutes and GRPCRoutes that name a host: as theirs, or as a destination, of copies
 * of requests, too.
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
