import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { describeSelector } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';
import { isPodInMesh } from '../inMesh';
import { podsLabelled } from '../podsLabelled';

/** An AuthorizationPolicy that applies to no pod in the mesh. */
export const policySelectsNothing = defineFinding({
  code: 'IST0127',
  level: 'warning',
  inputs: ['AuthorizationPolicy'],
  needs: ['Pod'],
  source: 'istio: pkg/config/analysis/analyzers/authz/authorizationpolicies.go',
  *find({ AuthorizationPolicy: policies }, set) {
    for (const policy of policies) {
      const { selector, targetRef, targetRefs } = policy.spec ?? {};
      if (targetRef || itemsOf(targetRefs).length > 0) {
        continue;
      }
      const isForTheMesh = namespaceOf(policy) === set.meshConfig.rootNamespace;
      if (isForTheMesh && !selector) {
        continue;
      }
      if (!anyPodInMesh(set, policy, isForTheMesh)) {
        const labels = describeSelector(selector?.matchLabels);
        yield {
          resource: policy,
          path: selector ? 'spec.selector.matchLabels' : undefined,
          message: `No pod in the mesh ${
            labels ? `is labelled ${labels}` : 'runs in its namespace'
          }: the policy protects nothing.`,
          fix: 'Correct the selector to labels that the pods carry, or delete the policy.',
        };
      }
    }
  },
});

function anyPodInMesh(
  set: MeshObjects,
  policy: KubeObject,
  isForTheMesh: boolean,
): boolean {
  return podsLabelled(
    set,
    policy.spec?.selector?.matchLabels,
    isForTheMesh ? undefined : namespaceOf(policy),
  ).some(pod => isPodInMesh(pod, set.namespace(namespaceOf(pod))));
}
