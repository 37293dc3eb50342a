import { type KubeObject, namespaceOf } from '../../kube/KubeObject';
import { isMap, itemsOf, ownField } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { hostOfReference } from './backends';
import { hostsOfParent } from './meshRoutes';
import { parentsOf, toReference } from './references';

const SERVICE = { group: '', kind: 'Service' };

/** The hosts of the mesh that an HTTPRoute or GRPCRoute names: as a parent, or as where requests or copies of them go. */
export function namedHosts(set: MeshObjects, route: KubeObject): string[] {
  const own = namespaceOf(route);
  const parents = parentsOf(route).flatMap(parent =>
    parent.kind === 'ServiceEntry'
      ? hostsOfParent(set, parent)
      : hostOfReference(set, parent) ?? [],
  );
  const backends = itemsOf(route.spec?.rules)
    .flatMap(rule => [...itemsOf(rule?.backendRefs), ...mirrorsOf(rule)])
    .filter(isMap)
    .flatMap(
      backend => hostOfReference(set, toReference(backend, own, SERVICE)) ?? [],
    );
  return [...parents, ...backends];
}

/** Where copies go, of all that a rule takes or of what one of its backends gets. */
function mirrorsOf(rule: unknown): unknown[] {
  return [rule, ...itemsOf(ownField(rule, 'backendRefs'))]
    .flatMap(part => itemsOf(ownField(part, 'filters')))
    .map(filter => filter?.requestMirror?.backendRef);
}
