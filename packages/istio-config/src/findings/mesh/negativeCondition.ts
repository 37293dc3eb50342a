import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** Istio itself says in the object's status that something is not right with it. */
export const negativeCondition = defineFinding({
  code: 'IST0171',
  level: 'warning',
  inputs: ['Service', 'ServiceEntry', 'AuthorizationPolicy'],
  source: 'istio: pkg/config/analysis/analyzers/conditions/conditions.go',
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const [index, condition] of itemsOf(
        resource.status?.conditions,
      ).entries()) {
        if (condition?.status === 'False') {
          yield {
            resource,
            path: `status.conditions[${index}]`,
            message: `Its condition ${condition.type} is False (${condition.reason}): ${condition.message}`,
            fix: 'Mend what the condition names.',
          };
        }
      }
    }
  },
});
