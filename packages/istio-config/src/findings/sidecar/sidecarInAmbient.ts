import { namespaceOf } from '../../kube/KubeObject';
import { fieldsOf } from '../../kube/reading';
import { isAmbientNamespace } from '../ambientNamespace';
import { defineFinding } from '../Finding';
import { isAmbient } from '../overlappingSelectors';
import { podsLabelled } from '../podsLabelled';

/** A Sidecar configures sidecars; in ambient mode there are none. */
export const sidecarInAmbient = defineFinding({
  code: 'IST0167',
  level: 'warning',
  inputs: ['Sidecar'],
  source: 'istio: pkg/config/analysis/analyzers/sidecar/selector.go',
  *find({ Sidecar: sidecars }, set) {
    for (const sidecar of sidecars) {
      const namespace = namespaceOf(sidecar);
      const labels = sidecar.spec?.workloadSelector?.labels;
      const isAbout =
        fieldsOf(labels).length > 0
          ? podsLabelled(set, labels, namespace).some(isAmbient)
          : isAmbientNamespace(set.namespace(namespace));
      if (isAbout) {
        yield {
          resource: sidecar,
          message:
            'What it selects is in ambient mode and has no sidecars: the Sidecar has no effect.',
          fix: 'Delete it; in ambient mode a waypoint and AuthorizationPolicies take its place.',
        };
      }
    }
  },
});
