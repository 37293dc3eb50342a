import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import { arrive } from './arrive';
import type { ArrivingHeaders, Call, CallEnd } from './types';

/** What a rule sends to a headless Service. */
interface Sent {
  service: KubeObject;
  port: number;
  subset?: string;
  path: string;
  host: string;
  headers: ArrivingHeaders;
}

/**
 * A sidecar sends what is for a headless Service to the address that was called, whosever that is, whatever the subset and the
 * port. Source: istio pilot/pkg/networking/core/cluster.go, convertResolution.
 */
export function toCalledAddress(
  set: MeshObjects,
  call: Call,
  sent: Sent,
): CallEnd[] {
  const { service, path, host, headers } = sent;
  const called =
    (call.to && set.get('Service', call.to.namespace, call.to.name)) ?? service;
  const { port } = call;
  const [namespace, name] = [namespaceOf(called), called.metadata.name];
  const outcomes = workloadsOf(set, namespace, name).flatMap(workload =>
    arrive(set, call, {
      workload,
      service: { namespace, name },
      port,
      path,
      host,
      headers,
      address: call.address,
      sentAs: {
        service: {
          namespace: namespaceOf(service),
          name: service.metadata.name,
        },
        port: sent.port,
        subset: sent.subset,
      },
    }),
  );
  const why = `no pod of ${name} is ready`;
  return outcomes.length > 0
    ? outcomes
    : [{ type: 'answered', status: 503, why }];
}
