import {
  effectiveMtls,
  type MeshObjects,
  targetPortOf,
  workloadsOf,
} from '@meshdeck/istio-config';
import type { Placement, PortMtlsView } from '@meshdeck/plugin-mesh-common';
import { servicePorts } from './servicePorts';

/** What each workload behind a service lets in on each of its ports, and the policies that decided it. */
export function mtlsPorts(
  set: MeshObjects,
  placement: Pick<Placement, 'namespace' | 'service'>,
): PortMtlsView[] {
  const service = set.get('Service', placement.namespace, placement.service);
  return workloadsOf(set, placement.namespace, placement.service).flatMap(
    workload =>
      servicePorts(set, placement).map(({ port, name }) => {
        const own = targetPortOf(service, port, workload);
        const { mode, chain, note } = effectiveMtls(set, workload, own);
        return {
          workload: workload.name,
          port: own,
          portName: name,
          mode,
          note,
          chain: chain.map(link => ({
            level: link.level,
            object: link.policy,
            mode: link.mode,
            decides: link.decides,
          })),
        };
      }),
  );
}
