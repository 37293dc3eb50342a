import { defineFinding } from '../Finding';
import { overlappingSelectors } from '../overlappingSelectors';

/** Two Telemetries for the same pods. */
export const conflictingTelemetries = defineFinding({
  code: 'IST0159',
  level: 'error',
  inputs: ['Telemetry'],
  source: 'istio: pkg/config/analysis/analyzers/telemetry/selector.go',
  *find({ Telemetry: telemetries }, set) {
    for (const { object, others, workload } of overlappingSelectors(
      set,
      telemetries,
      telemetry => telemetry.spec?.selector?.matchLabels,
    )) {
      yield {
        resource: object,
        path: 'spec.selector',
        message: `Telemetry ${others.join(
          ', ',
        )} also selects ${workload}: only the oldest of them counts there.`,
        fix: 'Let each pod be selected by one Telemetry.',
      };
    }
  },
});
