import { defineHostIndex } from '../hosts/hostIndex';
import { resolveHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshConfigSet } from '../MeshConfigSet';
import { hostsOf } from '../routes/virtualServices';

const INDEXES = [
  defineHostIndex('VirtualService', (set, object) => [
    ...hostsOf(set, object),
    ...destinationsOf(set, object),
  ]),
  defineHostIndex('DestinationRule', (set, object) =>
    resolved(set, object, [object.spec?.host]),
  ),
  defineHostIndex('HTTPRoute', servicesNamedBy),
  defineHostIndex('GRPCRoute', servicesNamedBy),
];

/**
 * The VirtualServices, DestinationRules, HTTPRoutes and GRPCRoutes that name a host: as theirs, or as a destination.
 * @public
 */
export function objectsByHost(set: MeshConfigSet, host: string): KubeObject[] {
  return INDEXES.flatMap(index => index(set, host));
}

/** The hosts that the http, tls and tcp routes of a VirtualService lead to. */
function destinationsOf(set: MeshConfigSet, object: KubeObject): string[] {
  const destinations = ['http', 'tls', 'tcp']
    .flatMap(protocol => itemsOf(object.spec?.[protocol]))
    .flatMap(rule => itemsOf(rule?.route))
    .map(route => route?.destination?.host);
  return resolved(set, object, destinations);
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
