import { fullNameOf, namespaceOf } from '../../kube/KubeObject';
import { fieldsOf } from '../../kube/reading';
import { isAmbientNamespace } from '../ambientNamespace';
import { defineFinding } from '../Finding';

/** Two Sidecars for a whole namespace. */
export const severalDefaultSidecars = defineFinding({
  code: 'IST0111',
  level: 'error',
  inputs: ['Sidecar'],
  source: 'istio: pkg/config/analysis/analyzers/sidecar/selector.go',
  *find({ Sidecar: sidecars }, set) {
    const defaults = sidecars.filter(
      sidecar => fieldsOf(sidecar.spec?.workloadSelector?.labels).length === 0,
    );
    if (
      defaults.length < 2 ||
      isAmbientNamespace(set.namespace(namespaceOf(defaults[0])))
    ) {
      return;
    }
    for (const sidecar of defaults) {
      yield {
        resource: sidecar,
        message: `${defaults
          .filter(other => other !== sidecar)
          .map(fullNameOf)
          .join(
            ', ',
          )} is also for the whole namespace: only the oldest of them counts.`,
        fix: 'Merge them into one, or give all but one a workloadSelector.',
      };
    }
  },
});
