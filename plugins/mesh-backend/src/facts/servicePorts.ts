import type { MeshObjects } from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';

/** The ports of a Service; none where there is no such Service. */
export function servicePorts(
  set: MeshObjects,
  { namespace, service }: Pick<Placement, 'namespace' | 'service'>,
): { port: number; name?: string }[] {
  const ports: unknown = set.get('Service', namespace, service)?.spec?.ports;
  return (Array.isArray(ports) ? ports : []).filter(
    port => typeof port?.port === 'number',
  );
}
