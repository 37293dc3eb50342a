import { placeOf } from '../../kube/place';
import { defineFinding } from '../Finding';
import { trafficPolicies } from './trafficPolicies';

/** Gateway errors are 5xx errors too: a limit for them that is not lower is never reached first. */
export const gatewayErrorsCounted = defineFinding({
  code: 'MD0116',
  level: 'info',
  inputs: ['DestinationRule'],
  source:
    'istio: api networking/v1alpha3/destination_rule.proto, OutlierDetection.consecutive_gateway_errors',
  *find({ DestinationRule: rules }) {
    for (const rule of rules) {
      for (const { path, policy } of trafficPolicies(rule)) {
        const { consecutive5xxErrors: all, consecutiveGatewayErrors: gateway } =
          policy.outlierDetection ?? {};
        if (Number(all) > 0 && Number(gateway) >= Number(all)) {
          const field = `${path}.outlierDetection.consecutiveGatewayErrors`;
          yield {
            resource: rule,
            path: field,
            message: `consecutiveGatewayErrors (${gateway}) has no effect: consecutive5xxErrors (${all}) counts the same errors and ejects the pod no later.`,
            fix: 'Set it below consecutive5xxErrors, or remove it.',
            mend: {
              does: 'Removes consecutiveGatewayErrors; pods are ejected as before.',
              edits: [{ at: placeOf(field) }],
            },
          };
        }
      }
    }
  },
});
