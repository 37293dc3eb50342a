import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** A workload without what the API server asks for. */
export const incompleteWorkload = defineFinding({
  code: 'MD0123',
  level: 'error',
  // What runs has been accepted; only manifests can lack it.
  detail: true,
  inputs: ['Deployment', 'StatefulSet', 'DaemonSet'],
  source: 'kubernetes: pkg/apis/apps/validation, ValidateDeploymentSpec',
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      if (!resource.spec?.selector) {
        yield {
          resource,
          path: 'spec',
          message:
            'It has no spec.selector, so it cannot know its pods: the API server refuses it.',
          fix: 'Set spec.selector.matchLabels to labels of its template.',
        };
      }
      for (const [index, container] of itemsOf(
        resource.spec?.template?.spec?.containers,
      ).entries()) {
        if (container && !container.image) {
          yield {
            resource,
            path: `spec.template.spec.containers[${index}]`,
            message: `The container ${container.name} has no image: the API server refuses the object.`,
            fix: 'Set its image.',
          };
        }
      }
    }
  },
});
