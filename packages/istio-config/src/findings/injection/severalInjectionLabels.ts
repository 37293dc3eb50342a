import { ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { isPlatformNamespace } from './injector';

/** A namespace with labels for several ways into the mesh. */
export const severalInjectionLabels = defineFinding({
  code: 'IST0123',
  level: 'warning',
  inputs: ['Namespace'],
  source: 'istio: pkg/config/analysis/analyzers/injection/injection.go',
  *find({ Namespace: namespaces }, set) {
    for (const namespace of namespaces) {
      const { name, labels } = namespace.metadata;
      const injection = ownField(labels, 'istio-injection');
      if (
        isPlatformNamespace(set, name) ||
        (injection !== undefined && injection !== 'enabled')
      ) {
        continue;
      }
      const given = [
        'istio-injection',
        'istio.io/rev',
        'istio.io/dataplane-mode',
      ].filter(label => ownField(labels, label) !== undefined);
      if (given.length > 1) {
        yield {
          resource: namespace,
          path: 'metadata.labels',
          message: `It has the labels ${given
            .map(label => `${label}=${ownField(labels, label)}`)
            .join(
              ', ',
            )}: istio-injection wins over istio.io/rev, and a pod cannot have a sidecar and be in ambient mode.`,
          fix: 'Keep one of them.',
        };
      }
    }
  },
});
