import { hostCovers } from '../../hosts/hosts';
import { type KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf, ownField, textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { routesByGateway } from './gatewayRoutes';
import { GATEWAY_API, parentsOf } from './references';

/**
 * The HTTPRoutes and GRPCRoutes that share a Gateway and a host with a route: what one of them takes, the others do not get.
 * @public
 */
export function routesBeside(
  set: MeshObjects,
  route: KubeObject,
): KubeObject[] {
  const gateways = parentsOf(route)
    .filter(({ group, kind }) => group === GATEWAY_API && kind === 'Gateway')
    .map(({ namespace, name }) => `${namespace}/${name}`);
  const attached = gateways.flatMap(gateway =>
    (set.derive(routesByGateway).get(gateway) ?? []).map(one => one.route),
  );
  return [...new Set(attached)].filter(
    other => !isSame(other, route) && sharesHost(other, route),
  );
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return (
    a.kind === b.kind &&
    a.metadata.name === b.metadata.name &&
    namespaceOf(a) === namespaceOf(b)
  );
}

/** Without hostnames a route is for all that the Gateway has. */
function sharesHost(a: KubeObject, b: KubeObject): boolean {
  const [some, others] = [a, b].map(({ spec }) => textsOf(spec?.hostnames));
  return (
    some.length === 0 ||
    others.length === 0 ||
    some.some(one =>
      others.some(other => hostCovers(one, other) || hostCovers(other, one)),
    )
  );
}

/** Which requests a route takes, as it is written: by host, and in each rule. @public */
export function requestsTaken({ spec }: KubeObject): unknown {
  return [
    ownField(spec, 'parentRefs'),
    ownField(spec, 'hostnames'),
    itemsOf(ownField(spec, 'rules')).map(rule => ownField(rule, 'matches')),
  ];
}
