import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { ownField } from '../../kube/reading';
import { isSystemNamespace } from '../../workloads/systemNamespaces';
import { isControlPlane } from '../deployment/applicationUid';

const MANAGED_BY = 'gateway.istio.io/managed';
const CONTROLLERS = [
  'istio.io-gateway-controller',
  'istio.io-mesh-controller',
  'istio.io-eastwest-controller',
];

/**
 * Services whose ports nobody named by hand: Kubernetes' own, Istio's, and those that Istio makes for a Gateway.
 * Source: istio pkg/config/analysis/analyzers/service/portname.go.
 */
export function isNobodysBusiness(service: KubeObject): boolean {
  return (
    isSystemNamespace(namespaceOf(service)) ||
    isControlPlane(service) ||
    CONTROLLERS.includes(ownField(service.metadata.labels, MANAGED_BY))
  );
}
