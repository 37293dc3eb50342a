import { conflictingSelectors } from '../conflictingSelectors';

/** Two Telemetries for the same pods. */
export const conflictingTelemetries = conflictingSelectors({
  code: 'IST0159',
  kind: 'Telemetry',
  path: 'spec.selector',
  labelsOf: telemetry => telemetry.spec?.selector?.matchLabels,
  source: 'istio: pkg/config/analysis/analyzers/telemetry/selector.go',
});
