import { defineFinding } from '../Finding';
import {
  injectorValues,
  injectsByDefault,
  undecidedNamespaces,
} from './injector';

/** A namespace that is not in the mesh and does not say that it wants not to be. */
export const namespaceNotInjected = defineFinding({
  code: 'IST0102',
  level: 'info',
  inputs: ['Namespace'],
  source: 'istio: pkg/config/analysis/analyzers/injection/injection.go',
  *find({ Namespace: namespaces }, set) {
    if (injectsByDefault(injectorValues(set, undefined))) {
      return;
    }
    for (const namespace of undecidedNamespaces(set, namespaces)) {
      yield {
        resource: namespace,
        path: 'metadata.labels',
        message: `Namespace ${namespace.metadata.name} has no injection label: its pods get no sidecar.`,
        fix: 'Label it istio-injection=enabled, or istio-injection=disabled if that is meant.',
      };
    }
  },
});
