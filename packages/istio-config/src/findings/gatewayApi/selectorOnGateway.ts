import { namespaceOf } from '../../kube/KubeObject';
import { itemsOf, ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { podsLabelled } from '../podsLabelled';

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const POLICIES = [
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Telemetry',
  'WasmPlugin',
];

/** Policies reach a Gateway API gateway by `targetRefs`; a selector does nothing there. */
export const selectorOnGateway = defineFinding({
  code: 'IST0166',
  level: 'warning',
  inputs: POLICIES,
  source: 'istio: pkg/config/analysis/analyzers/k8sgateway/workloadselector.go',
  *find(inputs, set) {
    for (const policy of Object.values(inputs).flat()) {
      const { selector, targetRef, targetRefs } = policy.spec ?? {};
      if (!selector || targetRef || itemsOf(targetRefs).length > 0) {
        continue;
      }
      for (const pod of podsLabelled(
        set,
        selector.matchLabels,
        namespaceOf(policy),
      )) {
        const gateway = ownField(pod.metadata.labels, GATEWAY_NAME);
        if (gateway !== undefined) {
          yield {
            resource: policy,
            path: 'spec.selector',
            message: `Its selector has no effect on the Gateway ${gateway}: Gateway API gateways take policies by targetRefs only.`,
            fix: `Set targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: ${gateway}}].`,
          };
        }
      }
    }
  },
});
