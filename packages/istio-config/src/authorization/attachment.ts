import { KUBERNETES_GATEWAY } from '../kube/homeGroups';
import { KubeObject, KubeObjectRef, namespaceOf } from '../kube/KubeObject';
import { isMap, itemsOf, ownField } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import type { PolicyTarget } from './types';

const GATEWAY_GROUP = KUBERNETES_GATEWAY.slice('Gateway.'.length);
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const MANAGED = 'gateway.istio.io/managed';

/** What a policy names in `targetRefs`, or in the older `targetRef`. */
export function targetsOf(policy: KubeObject): Record<string, any>[] {
  const { targetRefs, targetRef } = policy.spec ?? {};
  const listed = itemsOf(targetRefs).filter(isMap);
  return listed.length === 0 && isMap(targetRef) ? [targetRef] : listed;
}

/**
 * Whether a workload's own proxy enforces a policy of its namespace or of the root namespace: by the selector, or, at the pods of a
 * Kubernetes Gateway, by a target that is this Gateway. Waypoints know no selectors, and ztunnel no targets.
 * Source: istio pilot/pkg/model/policyattachment.go, ShouldAttachPolicy.
 */
export function attachesToWorkload(
  set: MeshObjects,
  policy: KubeObject,
  workload: PolicyTarget,
): boolean {
  const targets = targetsOf(policy);
  const gateway: unknown = ownField(workload.labels, GATEWAY_NAME);
  const isWaypoint =
    ownField(workload.labels, MANAGED) === 'istio.io-mesh-controller';
  if (typeof gateway !== 'string' || workload.dataPlane === 'ambient') {
    return targets.length === 0 && isSelected(policy, workload);
  }
  if (targets.length === 0) {
    return !isWaypoint && isSelected(policy, workload);
  }
  return targets.some(
    target =>
      namesGateway(target, policy, {
        namespace: workload.namespace,
        name: gateway,
      }) ||
      (isWaypoint && namesAllWaypoints(set, target, policy)),
  );
}

function isSelected(policy: KubeObject, workload: PolicyTarget): boolean {
  return selects(policy.spec?.selector?.matchLabels, workload.labels);
}

function namesGateway(
  { group, kind, name, namespace: place }: Record<string, any>,
  policy: KubeObject,
  gateway: { namespace?: string; name: string },
): boolean {
  const namespace = namespaceOf(policy);
  return (
    kind === 'Gateway' &&
    group === GATEWAY_GROUP &&
    name === gateway.name &&
    namespace === gateway.namespace &&
    (!place || place === namespace)
  );
}

function namesAllWaypoints(
  set: MeshObjects,
  { group, kind, name }: Record<string, any>,
  policy: KubeObject,
): boolean {
  return (
    kind === 'GatewayClass' &&
    group === GATEWAY_GROUP &&
    name === 'istio-waypoint' &&
    namespaceOf(policy) === set.meshConfig.rootNamespace
  );
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
  return targetsOf(policy).some(target => {
    const { group, kind, name } = target;
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
        return namesAllWaypoints(set, target, policy);
      case 'Gateway':
        return namesGateway(target, policy, waypoint);
      default:
        return false;
    }
  });
}
