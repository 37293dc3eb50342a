import { hostCovers } from '../../hosts/hosts';
import { KUBERNETES_GATEWAY } from '../../kube/homeGroups';
import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';
import { isInternalGateway, splitGatewayName } from './gatewayNames';

/** None of a VirtualService's hosts is served by the gateway it hangs on. */
export const hostNotInGateway = defineFinding({
  code: 'IST0132',
  level: 'warning',
  inputs: ['VirtualService'],
  needs: ['Gateway'],
  source: 'istio: pkg/config/analysis/analyzers/virtualservice/gateways.go',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      const hosts = textsOf(service.spec?.hosts);
      for (const [index, gateway] of itemsOf(
        service.spec?.gateways,
      ).entries()) {
        if (
          typeof gateway !== 'string' ||
          gateway === 'mesh' ||
          isInternalGateway(gateway)
        ) {
          continue;
        }
        const served = servedHosts(set, gateway, namespaceOf(service));
        if (
          served.some(pattern =>
            hosts.some(
              host => hostCovers(pattern, host) || hostCovers(host, pattern),
            ),
          )
        ) {
          continue;
        }
        yield {
          resource: service,
          path: `spec.gateways[${index}]`,
          message: `Gateway ${gateway} serves none of the hosts ${hosts.join(
            ', ',
          )}${
            served.length ? ` (it serves ${served.join(', ')})` : ''
          }: requests for them are answered 404 there.`,
          fix: 'Add the host to a server of the Gateway, or correct it here.',
        };
      }
    }
  },
});

/** The hosts that a gateway serves to VirtualServices of a namespace. */
function servedHosts(
  set: MeshObjects,
  reference: string,
  from: string,
): string[] {
  const [namespace, name] = splitGatewayName(reference, from);
  const gateway = set.get('Gateway', namespace, name);
  if (gateway) {
    return itemsOf(gateway.spec?.servers)
      .flatMap(server => textsOf(server?.hosts))
      .flatMap(host => hostFor(host, gateway, from));
  }
  const kubernetes = set.get(KUBERNETES_GATEWAY, namespace, name);
  return itemsOf(kubernetes?.spec?.listeners).map(listener =>
    typeof listener?.hostname === 'string' && listener.hostname
      ? listener.hostname
      : '*',
  );
}

/** A server's `namespace/host`, where that namespace is the VirtualService's own. */
function hostFor(host: string, gateway: KubeObject, from: string): string[] {
  const slash = host.indexOf('/');
  if (slash < 0) {
    return [host];
  }
  const scope = host.slice(0, slash);
  const own = scope === '.' ? namespaceOf(gateway) : scope;
  return own === '*' || own === from ? [host.slice(slash + 1)] : [];
}
