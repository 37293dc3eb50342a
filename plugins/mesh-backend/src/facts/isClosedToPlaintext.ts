import {
  effectiveMtls,
  itemsOf,
  MeshObjects,
  targetPortOf,
  Workload,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';

/** Whether only encrypted calls get in: each port of the Service is STRICT at each of its workloads. */
export function isClosedToPlaintext(
  set: MeshObjects,
  { namespace, service: name }: Pick<Placement, 'namespace' | 'service'>,
  workloads: readonly Workload[],
): boolean {
  const service = set.get('Service', namespace, name);
  const ports = itemsOf(service?.spec?.ports).filter(
    port => typeof port?.port === 'number',
  );
  const modes = workloads.flatMap(workload =>
    ports.map(
      ({ port }) =>
        effectiveMtls(set, workload, targetPortOf(service, port, workload))
          .mode,
    ),
  );
  return modes.length > 0 && modes.every(mode => mode === 'STRICT');
}
