import { namespaceOf } from '../../kube/KubeObject';
import { ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { hasProxy } from '../inMesh';
import { isAmbient } from '../overlappingSelectors';
import { isInjected, isPlatformNamespace } from './injector';

const INJECT = 'sidecar.istio.io/inject';

/** A pod of an injected namespace that has no sidecar: it started before the label, or the injector failed. */
export const podWithoutProxy = defineFinding({
  code: 'IST0103',
  level: 'warning',
  inputs: ['Pod'],
  source: 'istio: pkg/config/analysis/analyzers/injection/injection.go',
  *find({ Pod: pods }, set) {
    for (const pod of pods) {
      const namespace = set.namespace(namespaceOf(pod));
      const { labels, annotations } = pod.metadata;
      const wish = ownField(labels, INJECT) ?? ownField(annotations, INJECT);
      const mode = ownField(
        namespace?.metadata.labels,
        'istio.io/dataplane-mode',
      );
      if (
        !namespace ||
        isPlatformNamespace(set, namespace.metadata.name) ||
        // Source: injection.go counts namespaces labelled istio-injection=enabled only.
        ownField(namespace.metadata.labels, 'istio-injection') !== 'enabled' ||
        !isInjected(namespace) ||
        mode === 'ambient' ||
        String(wish).toLowerCase() === 'false' ||
        pod.spec?.hostNetwork ||
        hasProxy(pod.spec) ||
        isAmbient(pod)
      ) {
        continue;
      }
      yield {
        resource: pod,
        message: `The pod ${pod.metadata.name} has no sidecar though its namespace is injected: it is outside the mesh, and STRICT services refuse it.`,
        fix: 'Restart it, so that the injector sees it; if it still has none, look at the injector’s log.',
      };
    }
  },
});
