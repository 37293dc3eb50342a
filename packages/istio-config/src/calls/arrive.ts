import { evaluateAccess } from '../authorization/evaluateAccess';
import type { AccessDecision } from '../authorization/types';
import { isHeadless } from '../kube/headless';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { connection, type ConnectionTarget } from '../mtls/connection';
import { isReady } from '../workloads/podReadiness';
import type { Workload } from '../workloads/Workload';
import { targetPortOf } from '../workloads/workloads';
import type { ArrivingHeaders, Call, CallEnd } from './types';

/** What comes to a workload. */
export interface Arrival {
  workload: Workload;
  service: { namespace: string; name: string };
  /** The Service's. */
  port: number;
  subset?: string;
  /** What the caller's proxy took it for, where that is another. */
  sentAs?: Omit<ConnectionTarget, 'workload'>;
  path: string;
  host: string;
  headers?: ArrivingHeaders;
  /** Which of the pods are asked, where not all are alike. */
  isNear?: (pod: KubeObject) => boolean;
  /** That was called, where nobody chooses among the pods. */
  address?: string;
  /** Whether no proxy of the caller had a part in it. */
  isPlain?: boolean;
  /** Whether a proxy of the caller sees a request, and can answer it where the connection fails. */
  isSeen?: boolean;
}

/** What a workload's own side makes of a call. */
export function arrive(
  set: MeshObjects,
  call: Call,
  arrival: Arrival,
): CallEnd[] {
  const { workload, service, port, subset, path, host } = arrival;
  const { isPlain = false, isSeen = !isPlain, address } = arrival;
  const { isNear = () => true } = arrival;
  const { headers = { request: call.headers ?? {}, response: {} } } = arrival;
  const caller = call.gateway?.workload ?? call.from;
  const { outcome, why } = connection(
    set,
    isPlain ? undefined : caller,
    { workload, service, port, subset, isByGateway: Boolean(call.gateway) },
    arrival.sentAs,
  );
  if (outcome === 'refused') {
    return [
      isSeen ? { type: 'answered', status: 503, why } : { type: 'closed', why },
    ];
  }
  const object = set.get('Service', service.namespace, service.name);
  const ownPort = targetPortOf(object, port, workload);
  const access = evaluateAccess(set, workload, {
    principal: outcome === 'mtls' ? caller.principal : undefined,
    port: ownPort,
    method: call.method ?? 'GET',
    path,
    host,
    headers: headers.request,
    protocol: call.protocol === 'http' ? 'http' : 'tcp',
    jwt: call.jwt,
    service,
  });
  // Without a proxy nobody enforces a policy.
  if (!access.allowed && workload.dataPlane !== 'none') {
    return refusals(access);
  }
  const isCalled = (pod: KubeObject) =>
    !address || !isHeadless(object) || pod.status?.podIP === address;
  return workload.pods
    .filter(isReady)
    .filter(isNear)
    .filter(isCalled)
    .map(pod => ({
      type: 'reaches',
      pod: `${namespaceOf(pod)}/${pod.metadata.name}`,
      port: ownPort,
      path,
      host,
      headers,
      why,
    }));
}

/** How a policy or a token's check answers. */
export function refusals({
  reason,
  status = 403,
  otherStatus = status,
}: AccessDecision): CallEnd[] {
  return [...new Set([status, otherStatus])].map(each => ({
    type: 'answered',
    status: each,
    why: reason,
  }));
}
