import { conflictingSelectors } from '../conflictingSelectors';

/** Two Sidecars for the same pods. */
export const conflictingSidecars = conflictingSelectors({
  code: 'IST0110',
  kind: 'Sidecar',
  path: 'spec.workloadSelector',
  labelsOf: sidecar => sidecar.spec?.workloadSelector?.labels,
  source: 'istio: pkg/config/analysis/analyzers/sidecar/selector.go',
});
