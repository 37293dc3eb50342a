import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { fieldsOf, itemsOf, ownField } from '../../kube/reading';
import { selects } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { isInMesh } from '../inMesh';

/** One port of a Service that leads to a Deployment's pods. */
export interface LeadingPort {
  service: string;
  port: number;
  protocol: string;
  target: string;
}

/**
 * The Service ports that lead to a Deployment in the mesh; none for one outside.
 * Source: istio pkg/config/analysis/analyzers/deployment/services.go.
 */
export function leadingPorts(
  set: MeshObjects,
  deployment: KubeObject,
): LeadingPort[] {
  const namespace = namespaceOf(deployment);
  const template = deployment.spec?.template ?? {};
  const isWaypoint =
    ownField(deployment.metadata.labels, 'gateway.istio.io/managed') ===
    'istio.io-mesh-controller';
  if (isWaypoint || !isInMesh(template, set.namespace(namespace))) {
    return [];
  }
  return set
    .inNamespace('Service', namespace)
    .filter(
      service =>
        fieldsOf(service.spec?.selector).length > 0 &&
        selects(service.spec.selector, template.metadata?.labels),
    )
    .flatMap(service =>
      itemsOf(service.spec?.ports).map(port => ({
        service: service.metadata.name,
        port: Number(port?.port),
        protocol: String(port?.protocol ?? 'TCP'),
        target: String(port?.targetPort || port?.port),
      })),
    );
}
