import {
  connection,
  findWorkload,
  itemsOf,
  MeshObjects,
  Workload,
} from '@meshdeck/istio-config';
import type {
  CallerView,
  Placement,
  PortMtlsView,
  StrictBreak,
  StrictOutlook,
} from '@meshdeck/plugin-mesh-common';
import { isClosedToPlaintext } from './isClosedToPlaintext';

const REWRITE = 'sidecar.istio.io/rewriteAppHTTPProbers';

/** What counts of who was seen calling. */
type SeenCaller = Pick<
  CallerView,
  'name' | 'namespace' | 'requestsPerSecond' | 'encrypted'
>;

/** Who would be cut off if the service took mTLS only: seen calling in plain, or by what the objects say. */
export function strictOutlook(
  set: MeshObjects,
  facts: {
    placement: Placement;
    workloads: readonly Workload[];
    ports: readonly PortMtlsView[];
    callers: readonly SeenCaller[];
    isWatched: boolean;
  },
): StrictOutlook {
  const { placement, workloads, ports, callers, isWatched } = facts;
  return {
    isStrict: isClosedToPlaintext(ports),
    isWatched,
    breaks: [
      ...callers.flatMap(caller => breakOf(set, placement, workloads, caller)),
      ...workloads.flatMap(unrewrittenProbes),
    ],
  };
}

function breakOf(
  set: MeshObjects,
  { namespace, service }: Placement,
  [target]: readonly Workload[],
  caller: SeenCaller,
): StrictBreak[] {
  const { name, requestsPerSecond, encrypted } = caller;
  const bearer = findWorkload(set, caller.namespace, name);
  const seen = { name, kind: 'caller' as const, requestsPerSecond };
  const place = {
    ...seen,
    namespace: caller.namespace === 'unknown' ? undefined : caller.namespace,
  };
  if (bearer?.dataPlane === 'none') {
    return [{ ...place, why: 'it has no proxy, so it cannot encrypt' }];
  }
  if (encrypted === 'no' || encrypted === 'partly') {
    const link =
      bearer &&
      target &&
      connection(set, bearer, {
        workload: target,
        service: { namespace, name: service },
        port: firstPortOf(set, namespace, service),
      });
    const why =
      link?.outcome === 'plaintext'
        ? link.why
        : 'it was seen calling without encryption';
    return [{ ...place, why }];
  }
  return [];
}

function firstPortOf(
  set: MeshObjects,
  namespace: string,
  service: string,
): number {
  return set.get('Service', namespace, service)?.spec?.ports?.[0]?.port ?? 80;
}

/** Kubelet has no certificate: its probes get in only where the injector leads them through the proxy's own port. */
function unrewrittenProbes(workload: Workload): StrictBreak[] {
  const template = workload.owner?.spec?.template ?? workload.pods[0];
  const isOff =
    String(template?.metadata?.annotations?.[REWRITE]).toLowerCase() ===
    'false';
  const probed = itemsOf(template?.spec?.containers).some(container =>
    ['livenessProbe', 'readinessProbe', 'startupProbe'].some(
      probe => container?.[probe]?.httpGet ?? container?.[probe]?.tcpSocket,
    ),
  );
  return isOff && probed && workload.dataPlane === 'sidecar'
    ? [
        {
          name: `health probes of ${workload.name}`,
          namespace: workload.namespace,
          kind: 'probe',
          why: `${REWRITE} is "false", so the kubelet probes the port itself, and has no certificate`,
        },
      ]
    : [];
}
