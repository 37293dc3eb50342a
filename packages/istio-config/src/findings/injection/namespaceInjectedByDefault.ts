import { defineFinding } from '../Finding';
import {
  injectorValues,
  injectsByDefault,
  undecidedNamespaces,
} from './injector';

/** A namespace without a label, in a mesh that injects everywhere. */
export const namespaceInjectedByDefault = defineFinding({
  code: 'IST0148',
  level: 'info',
  inputs: ['Namespace'],
  source: 'istio: pkg/config/analysis/analyzers/injection/injection.go',
  *find({ Namespace: namespaces }, set) {
    if (!injectsByDefault(injectorValues(set, undefined))) {
      return;
    }
    for (const namespace of undecidedNamespaces(set, namespaces)) {
      yield {
        resource: namespace,
        path: 'metadata.labels',
        message:
          'It has no injection label, and the injector is set to inject everywhere: its pods get a sidecar.',
        fix: 'Label it istio-injection=disabled if they should not.',
      };
    }
  },
});
