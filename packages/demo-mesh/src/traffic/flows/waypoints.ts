import type { MeshObjects } from '@meshdeck/istio-config';
import type { ServiceName } from '../TrafficProfile';

const LABEL = 'istio.io/use-waypoint';

/** Whether calls to a Service of an ambient mesh go through a waypoint: the Service's own label beats its namespace's. */
export function isInWaypoint(set: MeshObjects, service: ServiceName): boolean {
  const own = set.get('Service', service.namespace, service.name)?.metadata
    .labels?.[LABEL];
  const wanted =
    own ?? set.namespace(service.namespace)?.metadata.labels?.[LABEL];
  return wanted !== undefined && wanted !== 'none';
}
