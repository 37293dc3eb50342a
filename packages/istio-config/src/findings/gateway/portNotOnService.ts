import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { fieldsOf, itemsOf } from '../../kube/reading';
import { describeSelector, selects } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';
import { podsLabelled } from '../podsLabelled';

/** A Gateway listens on a port of its pods that no Service leads to. */
export const portNotOnService = defineFinding({
  code: 'IST0162',
  level: 'warning',
  inputs: ['Gateway'],
  needs: ['Pod', 'Service'],
  source: 'istio: pkg/config/analysis/analyzers/gateway/gateway.go',
  *find({ Gateway: gateways }, set) {
    for (const gateway of gateways) {
      const pods = podsLabelled(set, gateway.spec?.selector);
      if (pods.length === 0) {
        continue;
      }
      const ports = exposedPorts(set, pods);
      for (const [index, server] of itemsOf(gateway.spec?.servers).entries()) {
        const port: unknown = server?.port?.number;
        if (typeof port === 'number' && !ports.has(port)) {
          yield {
            resource: gateway,
            path: `spec.servers[${index}].port.number`,
            message: `No Service leads to port ${port} of the pods labelled ${describeSelector(
              gateway.spec.selector,
            )}: nothing from outside reaches this server.`,
            fix: ports.size
              ? `Give the Service a port with targetPort ${port}, or use one that it leads to: ${[
                  ...ports,
                ].join(', ')}.`
              : `Give the pods a Service with targetPort ${port}.`,
          };
        }
      }
    }
  },
});

/**
 * The ports on which the pods are reached: a Service's numeric targetPort, else its port.
 * Source: istio pkg/config/analysis/analyzers/gateway/gateway.go.
 */
function exposedPorts(
  set: MeshObjects,
  pods: readonly KubeObject[],
): Set<number> {
  const ports = new Set<number>();
  const seen = new Set<string>();
  for (const pod of pods) {
    const namespace = namespaceOf(pod);
    const key = `${namespace} ${describeSelector(pod.metadata.labels)}`;
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    for (const service of set.inNamespace('Service', namespace)) {
      const selector = service.spec?.selector;
      if (
        fieldsOf(selector).length === 0 ||
        !selects(selector, pod.metadata.labels)
      ) {
        continue;
      }
      for (const port of itemsOf(service.spec?.ports)) {
        if ((port?.protocol ?? 'TCP') === 'TCP') {
          const target = Number(port?.targetPort);
          ports.add(target > 0 ? target : port?.port);
        }
      }
    }
  }
  return ports;
}
