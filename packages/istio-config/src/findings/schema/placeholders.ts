import { KubeObject } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { containersOf } from '../inMesh';
import { defineFinding } from '../Finding';
import { isPort } from '../validation/names';

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'];

/** A port that is no number, such as a placeholder that was left in: the API server refuses the object. */
export const portNotANumber = defineFinding({
  code: 'MD0122',
  level: 'error',
  inputs: ['Service', ...WORKLOADS],
  source: 'kubernetes: api/core/v1, ServicePort.port and ContainerPort',
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const { path, value } of portsOf(resource)) {
        if (!isPort(value)) {
          yield {
            resource,
            path,
            message: `The port is ${JSON.stringify(
              value,
            )}, which is no port number: the API server refuses the object.`,
            fix: 'Write the number of the port, from 1 to 65535.',
          };
        }
      }
    }
  },
});

function portsOf(resource: KubeObject): { path: string; value: unknown }[] {
  if (resource.kind === 'Service') {
    return itemsOf(resource.spec?.ports).flatMap((port, index) =>
      port?.port === undefined
        ? []
        : [{ path: `spec.ports[${index}].port`, value: port.port }],
    );
  }
  const [spec, path] =
    resource.kind === 'Pod'
      ? [resource.spec, 'spec']
      : [resource.spec?.template?.spec, 'spec.template.spec'];
  return containersOf(spec).flatMap((container, place) =>
    itemsOf(container?.ports).flatMap((port, index) =>
      port?.containerPort === undefined
        ? []
        : [
            {
              path: `${path}.containers[${place}].ports[${index}].containerPort`,
              value: port.containerPort,
            },
          ],
    ),
  );
}
