import { describeSelector } from '../../kube/selectors';
import { defineFinding } from '../Finding';
import { podsLabelled } from '../podsLabelled';

/** A Gateway that no proxy reads. */
export const selectorWithoutPods = defineFinding({
  code: 'IST0101',
  level: 'error',
  inputs: ['Gateway'],
  needs: ['Pod'],
  source: 'istio: pkg/config/analysis/analyzers/gateway/gateway.go, secret.go',
  *find({ Gateway: gateways }, set) {
    for (const gateway of gateways) {
      const selector = gateway.spec?.selector;
      if (podsLabelled(set, selector).length === 0) {
        yield {
          resource: gateway,
          path: 'spec.selector',
          message: `No pod is labelled ${describeSelector(
            selector,
          )}: no proxy serves this gateway.`,
          fix: 'Correct the selector to the labels of the gateway’s pods, or deploy that gateway.',
        };
      }
    }
  },
});
