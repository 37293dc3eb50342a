import { isMap } from '../../kube/reading';
import { proxyResources } from '../../workloads/proxyResources';
import { defineFinding } from '../Finding';

/** The sidecar's limit is below its request: no pod can be created. */
export const proxyResourceProblem = defineFinding({
  code: 'MD0121',
  level: 'error',
  inputs: ['Deployment', 'StatefulSet', 'DaemonSet'],
  source:
    'istio: manifests/charts/istio-control/istio-discovery/files/injection-template.yaml, resources',
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      const template: unknown = resource.spec?.template;
      for (const { annotation, message, fix } of proxyResources(
        isMap(template) ? template : {},
      ).warnings) {
        // What is no quantity at all is said of every annotation alike.
        if (message.includes('limit')) {
          yield {
            resource,
            path: `spec.template.metadata.annotations["${annotation}"]`,
            message,
            fix,
          };
        }
      }
    }
  },
});
