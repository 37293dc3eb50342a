import {
  effectiveMtls,
  MeshObjects,
  targetPortOf,
  Workload,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';

/** A port that takes plaintext although a policy says STRICT. */
export interface OpenPort {
  workload: string;
  /** The workload's own. */
  port: number;
  /** Of some of its pods alone, which has then hardly been meant; else the proxy was told to leave the port out. */
  ofSomePods: boolean;
}

/** The proxy's own, for metrics and health: they take plaintext in every mesh. */
const PROXY_PORTS = [15020, 15021, 15090];

/** What the policies of a service in the mesh do not reach; of one outside it that is said as such. */
export function openPortsOf(
  set: MeshObjects,
  { namespace, service: name }: Pick<Placement, 'namespace' | 'service'>,
  workloads: readonly Workload[],
): OpenPort[] {
  const service = set.get('Service', namespace, name);
  const ports: unknown = service?.spec?.ports;
  return workloads
    .filter(({ dataPlane }) => dataPlane !== 'none')
    .flatMap(workload =>
      (Array.isArray(ports) ? ports : [])
        .filter(port => typeof port?.port === 'number')
        .flatMap(({ port }) => {
          const own = targetPortOf(service, port, workload);
          const { mode, note, chain } = effectiveMtls(set, workload, own);
          const wanted = chain.findLast(link => link.mode !== 'UNSET')?.mode;
          return note !== undefined &&
            wanted === 'STRICT' &&
            mode !== 'STRICT' &&
            !PROXY_PORTS.includes(own)
            ? [
                {
                  workload: workload.name,
                  port: own,
                  ofSomePods: mode === 'PERMISSIVE',
                },
              ]
            : [];
        }),
    );
}
