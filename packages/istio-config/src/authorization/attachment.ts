import { KUBERNETES_GATEWAY } from '../kube/homeGroups';
import { KubeObject, KubeObjectRef, namespaceOf } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';

/** What a policy names in `targetRefs`, or in the older `targetRef`. */
export function targetsOf(policy: KubeObject): Record<string, any>[] {
  const { targetRefs, targetRef } = policy.spec ?? {};
  const listed = itemsOf(targetRefs).filter(isMap);
  return listed.length === 0 && isMap(targetRef) ? [targetRef] : listed;
}

/**
 * Whether a policy hangs on a waypoint as it handles a Service: on the Service itself, on the Gateway, or, from the root namespace,
 * on all waypoints by their class. A selector is nothing to a waypoint.
 * Source: istio pilot/pkg/model/policyattachment.go, ShouldAttachPolicy.
 */
export function attachesToWaypoint(
  set: MeshObjects,
  policy: KubeObject,
  waypoint: KubeObjectRef,
  service: { namespace: string; name: string } | undefined,
): boolean {
  const namespace = namespaceOf(policy);
  return targetsOf(policy).some(({ group, kind, name, namespace: place }) => {
    switch (kind) {
      case 'Service':
        return (
          ['', 'core', undefined].includes(group) &&
          name === service?.name &&
          namespace === service?.namespace
        );
      case 'ServiceEntry':
        return (
          group === 'networking.istio.io' &&
          name === service?.name &&
          namespace === service?.namespace &&
          set.get('ServiceEntry', namespace, name) !== undefined
        );
      case 'GatewayClass':
        return (
          name === 'istio-waypoint' &&
          namespace === set.meshConfig.rootNamespace
        );
      case 'Gateway':
        return (
          group === KUBERNETES_GATEWAY.slice('Gateway.'.length) &&
          name === waypoint.name &&
          namespace === waypoint.namespace &&
          (!place || place === namespace)
        );
      default:
        return false;
    }
  });
}
