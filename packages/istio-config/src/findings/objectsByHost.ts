import { defineHostIndex } from '../hosts/hostIndex';
import { resolveHost } from '../hosts/hosts';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import {
  virtualServicesNaming,
  virtualServicesTo,
} from '../routes/virtualServices';

const INDEXES = [
  virtualServicesNaming,
  virtualServicesTo,
  defineHostIndex('DestinationRule', (set, rule) => {
    const host: unknown = rule.spec?.host;
    return typeof host === 'string'
      ? [resolveHost(host, namespaceOf(rule), set.meshConfig.domain)]
      : [];
  }),
  defineHostIndex('HTTPRoute', servicesNamedBy),
  defineHostIndex('GRPCRoute', servicesNamedBy),
];

/**
 * The VirtualServices, DestinationRules, HTTPRoutes and GRPCRoutes that name a host: as theirs, or as a destination.
 * @public
 */
export function objectsByHost(set: MeshObjects, host: string): KubeObject[] {
  return [...new Set(INDEXES.flatMap(index => index(set, host)))];
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
