import { ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';
import {
  injectorValues,
  injectsByDefault,
  isPlatformNamespace,
} from './injector';

/** A namespace that is not in the mesh and does not say that it wants not to be. */
export const namespaceNotInjected = defineFinding({
  code: 'IST0102',
  level: 'info',
  inputs: ['Namespace'],
  source: 'istio: pkg/config/analysis/analyzers/injection/injection.go',
  *find({ Namespace: namespaces }, set) {
    for (const namespace of namespaces) {
      const { name, labels } = namespace.metadata;
      if (
        isPlatformNamespace(set, name) ||
        ownField(labels, 'istio.io/dataplane-mode') === 'ambient' ||
        ownField(labels, 'istio-injection') ||
        ownField(labels, 'istio.io/rev') !== undefined ||
        injectsByDefault(injectorValues(set, undefined))
      ) {
        continue;
      }
      yield {
        resource: namespace,
        path: 'metadata.labels',
        message: `Namespace ${name} has no injection label: its pods get no sidecar.`,
        fix: 'Label it istio-injection=enabled, or istio-injection=disabled if that is meant.',
      };
    }
  },
});
