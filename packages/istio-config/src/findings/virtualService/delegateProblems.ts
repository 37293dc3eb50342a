import { fullNameOf, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';

/** A delegate that is not there, that delegates itself, or that leads back: Istio drops the rule. */
export const delegateProblem = defineFinding({
  code: 'MD0112',
  level: 'error',
  inputs: ['VirtualService'],
  source:
    'istio: pilot/pkg/model/virtualservice.go, mergeVirtualServicesIfNeeded: one level, delegates have no hosts',
  *find({ VirtualService: services }, set) {
    for (const service of services) {
      for (const [index, rule] of itemsOf(service.spec?.http).entries()) {
        const problem =
          rule?.delegate && problemOf(set, service, rule.delegate);
        if (problem) {
          yield {
            resource: service,
            path: `spec.http[${index}].delegate`,
            message: `${problem}: Istio drops the rule, and its requests fall through to the next.`,
            fix: 'Delegate to a VirtualService without hosts and gateways whose rules route themselves.',
          };
        }
      }
    }
  },
});

function problemOf(
  set: MeshObjects,
  service: KubeObject,
  { name, namespace }: { name?: unknown; namespace?: unknown },
): string | undefined {
  const place =
    typeof namespace === 'string' ? namespace : namespaceOf(service);
  const target = set.get('VirtualService', place, String(name));
  if (!target) {
    return `There is no VirtualService ${place}/${name} to delegate to`;
  }
  const label = `VirtualService ${fullNameOf(target)}`;
  if (target === service) {
    return 'It delegates to itself';
  }
  if (itemsOf(target.spec?.hosts).length > 0) {
    return `${label} has hosts of its own, so it is no delegate`;
  }
  return itemsOf(target.spec?.http).some(rule => rule?.delegate)
    ? `${label} delegates in turn, and only one level is followed`
    : undefined;
}
