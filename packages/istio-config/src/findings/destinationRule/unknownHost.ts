import { namespaceOf } from '../../kube/KubeObject';
import { defineFinding } from '../Finding';
import { registeredHost } from '../hostRegistry';

/** A DestinationRule for a host that nothing registers. */
export const unknownHost = defineFinding({
  code: 'IST0174',
  level: 'warning',
  inputs: ['DestinationRule'],
  needs: ['Service'],
  source: 'istio: pkg/config/analysis/analyzers/destinationrule/subset.go',
  *find({ DestinationRule: rules }, set) {
    for (const rule of rules) {
      const host: unknown = rule.spec?.host;
      // A wildcard stands for hosts that need not exist yet.
      if (typeof host !== 'string' || host.startsWith('*')) {
        continue;
      }
      const known = registeredHost(set, host, {
        namespace: namespaceOf(rule),
        exportTo: rule.spec.exportTo,
      });
      if (!known) {
        yield {
          resource: rule,
          path: 'spec.host',
          message: `No Service or ServiceEntry has the host ${host}: the rule applies to nothing.`,
          fix: 'Correct the host; a service of another namespace needs its full name.',
        };
      }
    }
  },
});
