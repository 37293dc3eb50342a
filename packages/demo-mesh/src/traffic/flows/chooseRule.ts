import {
  effectiveRoutes,
  effectiveRoutesOfHost,
  HttpRequest,
  MeshObjects,
  matchRequest,
  RequestOrigin,
  RouteRule,
} from '@meshdeck/istio-config';
import type { ServiceName } from '../TrafficProfile';
import type { Caller } from './Flow';

/** The rule that takes a request at the caller's proxy; undefined where the mesh or the gateway answers 404. */
export function chooseRule(
  set: MeshObjects,
  { workload, through }: Caller,
  to: ServiceName,
  request: HttpRequest,
): RouteRule | undefined {
  if (through) {
    // At a gateway the asked-for host decides, which need not be a Service's.
    const { gateway, host } = through;
    const routes = effectiveRoutesOfHost(set, host, { gateway });
    const from: RequestOrigin = { type: 'gateway', gateway };
    return matchRequest(routes, { ...request, host }, from).rule;
  }
  const from: RequestOrigin = {
    type: 'mesh',
    namespace: workload.namespace,
    labels: workload.labels,
  };
  const { namespace, name: service } = to;
  const routes = effectiveRoutes(set, { namespace, service, from });
  return matchRequest(routes, request, from).rule;
}
