import { defineFinding } from '../Finding';
import { trafficPolicies } from './trafficPolicies';

/** `outlierDetection.consecutiveErrors` is parsed and then ignored: Istio reads only `consecutive5xxErrors` and its siblings. */
export const ignoredOutlierField = defineFinding({
  code: 'MD0101',
  level: 'warning',
  inputs: ['DestinationRule'],
  source: 'istio: pilot/pkg/networking/core/cluster_traffic_policy.go',
  *find({ DestinationRule: rules }) {
    for (const rule of rules) {
      for (const { path, policy } of trafficPolicies(rule)) {
        const detection = policy.outlierDetection;
        if (detection?.consecutiveErrors === undefined) {
          continue;
        }
        yield {
          resource: rule,
          path: `${path}.outlierDetection.consecutiveErrors`,
          message: `Istio ignores consecutiveErrors, so the limit of ${detection.consecutiveErrors} has no effect; Envoy's default of 5 applies.`,
          fix: 'Rename consecutiveErrors to consecutive5xxErrors.',
        };
      }
    }
  },
});
