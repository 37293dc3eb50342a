import { namespaceOf } from '../../kube/KubeObject';
import { fieldsOf } from '../../kube/reading';
import { describeSelector } from '../../kube/selectors';
import { defineFinding } from '../Finding';
import { podsLabelled } from '../podsLabelled';

/** A Telemetry for pods that are not there. */
export const telemetrySelectsNothing = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['Telemetry'],
  needs: ['Pod'],
  source: 'istio: pkg/config/analysis/analyzers/telemetry/selector.go',
  *find({ Telemetry: telemetries }, set) {
    for (const telemetry of telemetries) {
      const labels = telemetry.spec?.selector?.matchLabels;
      if (
        fieldsOf(labels).length > 0 &&
        podsLabelled(set, labels, namespaceOf(telemetry)).length === 0
      ) {
        yield {
          resource: telemetry,
          path: 'spec.selector.matchLabels',
          message: `No pod of the namespace is labelled ${describeSelector(
            labels,
          )}: the Telemetry has no effect.`,
          fix: 'Correct the labels, or delete the Telemetry.',
        };
      }
    }
  },
});
