import { describeRef, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import { selects } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { automaticTls, endpointTls } from '../../mtls/connection';
import { effectiveMtls } from '../../mtls/effectiveMtls';
import {
  type HostPolicy,
  mergedRules,
  trafficPolicyFor,
} from '../../routes/destinationRules';
import type { Workload } from '../../workloads/Workload';
import { targetPortOf, workloadsOf } from '../../workloads/workloads';

/** A call that a DestinationRule tells to send what the other side refuses. */
export interface TlsClash {
  /** Of the `tls` that tells it. */
  path: string;
  /** What is sent. */
  mode: string;
  subset?: string;
  port: number;
  workload: string;
  why: string;
}

/**
 * What a rule, taken alone, tells callers to send of which the service takes none: to each of its subsets and without one, on each port,
 * to each workload.
 */
export function tlsClashes(
  set: MeshObjects,
  rule: KubeObject,
  service: KubeObject,
): TlsClash[] {
  const policy = mergedRules([rule]);
  const behind = workloadsOf(
    set,
    namespaceOf(service),
    service.metadata.name,
  ).filter(workload => workload.pods.length > 0);
  const clashes: TlsClash[] = [];
  for (const subset of [undefined, ...policy.subsets]) {
    for (const workload of behind) {
      if (subset && !isIn(workload, subset.labels)) {
        continue;
      }
      for (const item of itemsOf(service.spec?.ports)) {
        const call = { subset: subset?.name, port: Number(item?.port) };
        const told = toldTls(set, policy, { ...call, workload, service });
        const why =
          told && refusal(set, told.mode, workload, service, call.port);
        if (why) {
          clashes.push({ ...told, ...call, workload: workload.name, why });
        }
      }
    }
  }
  return clashes;
}

function isIn({ pods }: Workload, labels: Record<string, string>): boolean {
  return pods.some(({ metadata }) => selects(labels, metadata.labels));
}

/** What a rule makes callers send, and the `tls` that says so: of their cluster, or left on the endpoints in it. */
function toldTls(
  set: MeshObjects,
  rules: HostPolicy,
  {
    service,
    ...call
  }: {
    subset?: string;
    port: number;
    workload: Workload;
    service: KubeObject;
  },
): { mode: string; path: string } | undefined {
  const { policy, sources } = trafficPolicyFor(rules, call);
  if (isMap(policy.tls)) {
    const { mode = 'DISABLE' } = policy.tls;
    return { mode: String(mode), path: sources.tls.path };
  }
  const target = {
    ...call,
    service: { namespace: namespaceOf(service), name: service.metadata.name },
  };
  const left = endpointTls(rules, target);
  const sent = automaticTls(set, target, left);
  return left && sent.decidedBy
    ? { mode: sent.mode === 'NONE' ? 'DISABLE' : sent.mode, path: left.path }
    : undefined;
}

function refusal(
  set: MeshObjects,
  mode: string,
  workload: Workload,
  service: KubeObject,
  port: number,
): string | undefined {
  if (workload.dataPlane === 'none') {
    // Of a template without its Namespace nobody knows whether it is injected; of a pod that runs it is plain to see.
    const isKnown =
      set.namespace(workload.namespace) !== undefined ||
      workload.pods.some(pod => isMap(pod.status));
    return mode === 'ISTIO_MUTUAL' && isKnown
      ? `the pods of ${workload.name} have no proxy to answer it`
      : undefined;
  }
  const {
    mode: server,
    decidedBy,
    note,
  } = effectiveMtls(set, workload, targetPortOf(service, port, workload));
  const by = decidedBy ? ` by ${describeRef(decidedBy)}` : '';
  if (mode === 'DISABLE' && server === 'STRICT') {
    return `${workload.name} takes only mTLS (STRICT${by})`;
  }
  if (mode === 'ISTIO_MUTUAL' && server === 'DISABLE') {
    return note ?? `mTLS is disabled for ${workload.name}${by}`;
  }
  return (mode === 'SIMPLE' || mode === 'MUTUAL') && server === 'STRICT'
    ? `${workload.name} takes only certificates of the mesh (STRICT${by})`
    : undefined;
}
