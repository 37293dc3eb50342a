import type { KubeObject } from '../kube/KubeObject';
import { itemsOf, ownField } from '../kube/reading';

const EXCLUDE = 'traffic.sidecar.istio.io/excludeInboundPorts';
const INCLUDE = 'traffic.sidecar.istio.io/includeInboundPorts';
/** The proxy's own ports, which the injector always leaves out: metrics and health. */
const OWN_PORTS = ['15020', '15021', '15090'];

/** What may stand before a workload's ports. A sidecar where not said. @public */
export interface ProxiedWorkload {
  name?: string;
  dataPlane?: 'sidecar' | 'ambient' | 'none';
  pods?: readonly KubeObject[];
  owner?: KubeObject;
}

/**
 * Why nothing of the mesh stands before a workload's port, as a clause; undefined where a proxy takes what comes in. Without a proxy,
 * and on a port that the sidecar does not capture, policies are not enforced: whoever comes in plaintext gets in.
 * Source: istio manifests/charts/istio-control/istio-discovery/files/injection-template.yaml, istio-iptables -b and -d.
 * @public
 */
export function unproxiedBecause(
  workload: ProxiedWorkload,
  port: number,
): string | undefined {
  const { name = 'the workload', dataPlane = 'sidecar' } = workload;
  if (dataPlane !== 'sidecar') {
    return dataPlane === 'none' ? `${name} has no proxy` : undefined;
  }
  const annotations = (
    workload.pods?.[0] ?? ownField(workload.owner?.spec, 'template')
  )?.metadata?.annotations;
  const included: unknown = ownField(annotations, INCLUDE);
  if (typeof included === 'string' && included.trim() !== '*') {
    // A list of what is captured goes before any list of what is not.
    return portsIn(included).includes(String(port))
      ? undefined
      : `the sidecar of ${name} does not capture port ${port} (${INCLUDE}: "${included}")`;
  }
  const excluded: unknown = ownField(annotations, EXCLUDE);
  if (
    typeof excluded === 'string' &&
    portsIn(excluded).includes(String(port))
  ) {
    return `the sidecar of ${name} does not capture port ${port} (${EXCLUDE}: "${excluded}")`;
  }
  return OWN_PORTS.includes(String(port))
    ? `port ${port} is the sidecar’s own, for metrics and health`
    : undefined;
}

/** Whether a pod has a sidecar; a native one is among the initial containers. */
export function isProxied({ spec }: Pick<KubeObject, 'spec'>): boolean {
  return [...itemsOf(spec?.containers), ...itemsOf(spec?.initContainers)].some(
    container => container?.name === 'istio-proxy',
  );
}

function portsIn(list: string): string[] {
  return list.split(',').map(port => port.trim());
}
