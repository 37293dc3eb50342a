import type { Workload } from '@meshdeck/istio-config';
import type { Branch, CallShape } from '../flows/Flow';
import { grpcStatusOf } from '../flows/protocol';

export type Labels = Readonly<Record<string, string>>;

const UNKNOWN = 'unknown';
/** Istio's default name of the only cluster. */
const CLUSTER = 'Kubernetes';
const SCRAPED = { job: 'envoy-stats' };

export type Reporter = 'source' | 'destination' | 'waypoint';

/** The labels of Istio's standard metrics for one class of requests, as one proxy reports them. */
export function requestLabels(
  reporter: Reporter,
  shape: CallShape,
  branch: Branch,
  result: { code: number; flags: string },
  options: { namesPlaintextCallers: boolean },
): Labels {
  const grpc = shape.protocol === 'grpc';
  return {
    ...connectionLabels(reporter, shape, branch, options),
    request_protocol: grpc ? 'grpc' : 'http',
    response_code: String(result.code),
    response_flags: result.flags,
    ...(grpc ? { grpc_response_status: grpcStatusOf(result.code) } : {}),
  };
}

/** The labels that tell who talks to whom, as TCP metrics have them. */
export function connectionLabels(
  reporter: Reporter,
  shape: CallShape,
  branch: Branch,
  options: { namesPlaintextCallers: boolean },
): Labels {
  const { destination } = branch;
  const { workload } = shape.caller;
  const encrypted = branch.security === 'mutual_tls';
  const atServer = reporter !== 'source';
  const callerIsKnown = !atServer || encrypted || options.namesPlaintextCallers;
  const reporting = reporter === 'source' ? workload : destination ?? workload;
  return {
    ...SCRAPED,
    instance: `${reporting.name}.${reporting.namespace}:15020`,
    namespace: reporting.namespace,
    reporter,
    ...sideLabels('source', callerIsKnown ? workload : undefined),
    source_principal: encrypted ? principalOf(workload) : UNKNOWN,
    ...sideLabels('destination', destination),
    destination_principal:
      encrypted && destination ? principalOf(destination) : UNKNOWN,
    destination_service: branch.service.host,
    destination_service_name: branch.service.name,
    destination_service_namespace: branch.service.namespace,
    connection_security_policy: atServer ? branch.security : UNKNOWN,
  };
}

function sideLabels(
  side: 'source' | 'destination',
  workload: Workload | undefined,
): Labels {
  return {
    [`${side}_workload`]: workload?.name ?? UNKNOWN,
    [`${side}_workload_namespace`]: workload?.namespace ?? UNKNOWN,
    [`${side}_app`]: workload?.labels.app ?? UNKNOWN,
    [`${side}_version`]: workload?.labels.version ?? UNKNOWN,
    [`${side}_canonical_service`]: workload?.canonicalService ?? UNKNOWN,
    [`${side}_canonical_revision`]: workload
      ? workload.canonicalRevision
      : UNKNOWN,
    [`${side}_cluster`]: workload ? CLUSTER : UNKNOWN,
  };
}

function principalOf(workload: Workload): string {
  return `spiffe://${workload.principal}`;
}
