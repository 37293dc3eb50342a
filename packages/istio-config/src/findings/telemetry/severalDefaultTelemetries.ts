import { fullNameOf } from '../../kube/KubeObject';
import { fieldsOf, itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** Two Telemetries for a whole namespace. */
export const severalDefaultTelemetries = defineFinding({
  code: 'IST0160',
  level: 'error',
  inputs: ['Telemetry'],
  source: 'istio: pkg/config/analysis/analyzers/telemetry/default_selector.go',
  *find({ Telemetry: telemetries }) {
    const defaults = telemetries.filter(
      ({ spec }) =>
        fieldsOf(spec?.selector?.matchLabels).length === 0 &&
        !spec?.targetRef &&
        itemsOf(spec?.targetRefs).length === 0,
    );
    for (const telemetry of defaults.length > 1 ? defaults : []) {
      yield {
        resource: telemetry,
        message: `${defaults
          .filter(other => other !== telemetry)
          .map(fullNameOf)
          .join(
            ', ',
          )} is also for the whole namespace: only the oldest of them counts.`,
        fix: 'Merge them into one, or give all but one a selector.',
      };
    }
  },
});
