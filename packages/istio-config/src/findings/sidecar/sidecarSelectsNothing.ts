import { namespaceOf } from '../../kube/KubeObject';
import { fieldsOf } from '../../kube/reading';
import { describeSelector } from '../../kube/selectors';
import { defineFinding } from '../Finding';
import { podsLabelled } from '../podsLabelled';

/** A Sidecar for pods that are not there. */
export const sidecarSelectsNothing = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['Sidecar'],
  needs: ['Pod'],
  source: 'istio: pkg/config/analysis/analyzers/sidecar/selector.go',
  *find({ Sidecar: sidecars }, set) {
    for (const sidecar of sidecars) {
      const labels = sidecar.spec?.workloadSelector?.labels;
      if (
        fieldsOf(labels).length > 0 &&
        podsLabelled(set, labels, namespaceOf(sidecar)).length === 0
      ) {
        yield {
          resource: sidecar,
          path: 'spec.workloadSelector.labels',
          message: `No pod of the namespace is labelled ${describeSelector(
            labels,
          )}: the Sidecar has no effect.`,
          fix: 'Correct the labels, or delete the Sidecar.',
        };
      }
    }
  },
});
