import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';

const PRIVATE = 0;
const EXPORTED_TO_CALLER = 1;
const OWN_GATEWAY_API = 2;
const PUBLIC = 3;

/**
 * How near a route object is to a caller: for each host the nearest counts, and of equally near ones the oldest. What is
 * exported to its own namespace alone comes first, then what names the caller's namespace, then the caller's own Gateway API
 * routes, then the rest. Undefined where the caller does not see it. Sources: istio pilot/pkg/model/push_context.go
 * (initVirtualServices), virtualservice.go (SelectVirtualServices).
 */
export function distanceOf(
  set: MeshObjects,
  object: KubeObject,
  clientNamespace: string,
): number | undefined {
  const own = namespaceOf(object);
  const isGatewayApi = object.kind !== 'VirtualService';
  const given = isGatewayApi ? [] : textsOf(object.spec?.exportTo);
  const scopes =
    given.length > 0 ? given : set.meshConfig.defaultVirtualServiceExportTo;
  if (scopes.includes('*')) {
    return isGatewayApi && own === clientNamespace ? OWN_GATEWAY_API : PUBLIC;
  }
  if (
    own === clientNamespace &&
    (scopes.includes('.') || scopes.includes(own))
  ) {
    return PRIVATE;
  }
  return scopes.includes(clientNamespace) ? EXPORTED_TO_CALLER : undefined;
}
