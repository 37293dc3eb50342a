import {
  effectiveRoutes,
  HttpRequest,
  MeshConfigSet,
  matchRequest,
  RequestOrigin,
  RouteRule,
  serviceHost,
  virtualServiceFor,
} from '@meshdeck/istio-config';
import type { ServiceName } from '../TrafficProfile';
import type { Caller } from './Flow';

/** Stands for the host that a gateway is asked for, where istio-config asks for a Service. */
const ASKED: ServiceName = { namespace: 'asked-host', name: 'gateway' };

/** The rule that takes a request at the caller's proxy; undefined where the mesh answers 404. */
export function chooseRule(
  set: MeshConfigSet,
  caller: Caller,
  to: ServiceName,
  request: HttpRequest,
): RouteRule | undefined {
  const { through } = caller;
  if (through) {
    return ruleAtGateway(set, through, request);
  }
  const from: RequestOrigin = {
    type: 'mesh',
    namespace: caller.workload.namespace,
    labels: caller.workload.labels,
  };
  const routes = effectiveRoutes(set, {
    namespace: to.namespace,
    service: to.name,
    from,
  });
  return matchRequest(routes, request, from).rule;
}

/**
 * At a gateway the asked-for host decides, which need not be a Service's: the VirtualService in force for it is asked
 * as if its only host were a Service's.
 */
function ruleAtGateway(
  set: MeshConfigSet,
  through: { gateway: string; host: string },
  request: HttpRequest,
): RouteRule | undefined {
  const from: RequestOrigin = { type: 'gateway', gateway: through.gateway };
  const [namespace, name] = through.gateway.split('/');
  const { winner } = virtualServiceFor(set, through.host, from);
  if (!winner || !set.get('Gateway', namespace, name)) {
    return undefined;
  }
  const host = serviceHost(ASKED.namespace, ASKED.name, set.meshConfig.domain);
  const asked = set.with([
    {
      type: 'put',
      object: { ...winner, spec: { ...winner.spec, hosts: [host] } },
    },
  ]);
  const routes = effectiveRoutes(asked, {
    namespace: ASKED.namespace,
    service: ASKED.name,
    from,
  });
  return routes.decidedBy
    ? matchRequest(routes, { ...request, host: through.host }, from).rule
    : undefined;
}
