import { ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { containersOf } from '../inMesh';
import { injectorValues, isInjected, proxyImageOf } from './injector';

/** Pods run another version of the proxy than the injector gives now. */
export const proxyImageMismatch = defineFinding({
  code: 'IST0158',
  level: 'warning',
  inputs: ['Namespace'],
  source: 'istio: pkg/config/analysis/analyzers/injection/injection-image.go',
  *find({ Namespace: namespaces }, set) {
    for (const namespace of namespaces) {
      const { name, labels } = namespace.metadata;
      const revision = ownField(labels, 'istio.io/rev');
      const values = injectorValues(set, revision);
      if (!values || !(isInjected(namespace) || revision !== undefined)) {
        continue;
      }
      const image = proxyImageOf(values);
      const old = set
        .inNamespace('Pod', name)
        .filter(
          pod =>
            !ownField(pod.metadata.annotations, 'sidecar.istio.io/proxyImage'),
        )
        .filter(pod => {
          const variant = ownField(
            pod.metadata.annotations,
            'sidecar.istio.io/proxyImageType',
          );
          const fitting = [
            image,
            `${image}-distroless`,
            ...(variant ? [`${image}-${variant}`] : []),
          ];
          return containersOf(pod.spec).some(
            container =>
              container?.name === 'istio-proxy' &&
              container.image !== undefined &&
              !fitting.includes(container.image),
          );
        })
        .map(pod => pod.metadata.name)
        .sort();
      if (old.length > 0) {
        yield {
          resource: namespace,
          message: `${
            old.length
          } of its pods run another proxy than ${image}, which the injector gives now: ${old
            .slice(0, 5)
            .join(', ')}${old.length > 5 ? ', …' : ''}.`,
          fix: 'Restart them once to bring them to the version of the control plane.',
        };
      }
    }
  },
});
