import { defineFinding } from '../Finding';
import { overlappingSelectors } from '../overlappingSelectors';

/** Two Sidecars for the same pods. */
export const conflictingSidecars = defineFinding({
  code: 'IST0110',
  level: 'error',
  inputs: ['Sidecar'],
  source: 'istio: pkg/config/analysis/analyzers/sidecar/selector.go',
  *find({ Sidecar: sidecars }, set) {
    for (const { object, others, workload } of overlappingSelectors(
      set,
      sidecars,
      sidecar => sidecar.spec?.workloadSelector?.labels,
    )) {
      yield {
        resource: object,
        path: 'spec.workloadSelector',
        message: `Sidecar ${others.join(
          ', ',
        )} also selects ${workload}: only the oldest of them counts there.`,
        fix: 'Let each pod be selected by one Sidecar.',
      };
    }
  },
});
