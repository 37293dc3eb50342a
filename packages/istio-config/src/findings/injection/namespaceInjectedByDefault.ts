import { ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';
import {
  injectorValues,
  injectsByDefault,
  isPlatformNamespace,
} from './injector';

/** A namespace without a label, in a mesh that injects everywhere. */
export const namespaceInjectedByDefault = defineFinding({
  code: 'IST0148',
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
        !injectsByDefault(injectorValues(set, undefined))
      ) {
        continue;
      }
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
