import type { Workload } from '@meshdeck/istio-config';
import type { PortMtlsView } from '@meshdeck/plugin-mesh-common';

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
  ports: readonly PortMtlsView[],
  workloads: readonly Workload[],
): OpenPort[] {
  const proxied = new Set(
    workloads
      .filter(({ dataPlane }) => dataPlane !== 'none')
      .map(({ name }) => name),
  );
  return ports
    .filter(({ workload }) => proxied.has(workload))
    .filter(({ port, mode, note, chain }) => {
      const wanted = chain.findLast(link => link.mode !== 'UNSET')?.mode;
      return (
        note !== undefined &&
        wanted === 'STRICT' &&
        mode !== 'STRICT' &&
        !PROXY_PORTS.includes(port)
      );
    })
    .map(({ workload, port, mode }) => ({
      workload,
      port,
      ofSomePods: mode === 'PERMISSIVE',
    }));
}
