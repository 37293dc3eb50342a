import { evaluateAccess } from '../authorization/evaluateAccess';
import type { AccessDecision } from '../authorization/types';
import { namespaceOf } from '../kube/KubeObject';
import { serviceOfHost } from '../hosts/hosts';
import type { MeshObjects } from '../MeshObjects';
import { connection } from '../mtls/connection';
import { effectiveRoutesOfHost } from '../routes/effectiveRoutesOfHost';
import { matchRequest } from '../routes/matchRequest';
import { portNumbers } from '../routes/portProtocol';
import { rewritePath } from '../routes/rewritePath';
import type {
  EffectiveRoutes,
  RequestMatch,
  RequestOrigin,
  RouteDestination,
  RouteRule,
} from '../routes/types';
import { isReady } from '../workloads/podReadiness';
import type { Workload } from '../workloads/Workload';
import { targetPortOf, workloadsOf } from '../workloads/workloads';
import type { Call, CallOutcome } from './types';

/** What becomes of a call: each way that it may end. @public */
export function foretellCall(set: MeshObjects, call: Call): CallOutcome[] {
  if (!call.gateway && call.from.dataPlane === 'none') {
    return callPastProxies(set, call);
  }
  const refused = call.gateway && refusedAtGateway(set, call);
  if (refused) {
    return [refused];
  }
  const { name: gateway } = call.gateway ?? {};
  const { namespace, labels, dataPlane } = call.from;
  const from: RequestOrigin = gateway
    ? { type: 'gateway', gateway }
    : { type: 'mesh', namespace, labels, dataPlane };
  const routes = effectiveRoutesOfHost(
    set,
    call.gateway ? call.host : knownHost(set, call),
    from.type === 'gateway'
      ? { gateway: from.gateway, port: call.port }
      : { from, port: call.port },
  );
  const { rule, match, why } = matchRequest(
    routes,
    {
      method: call.method ?? 'GET',
      path: call.path ?? '/',
      host: call.host,
      headers: call.headers,
      port: call.port,
    },
    from,
  );
  return rule
    ? followRule(set, call, { rule, match, routes })
    : [
        routes.rules.some(({ protocol }) => protocol)
          ? { type: 'closed', why }
          : { type: 'answered', status: 404, why },
      ];
}

/** A gateway asks its own policies before it looks for a rule. */
function refusedAtGateway(
  set: MeshObjects,
  { gateway, port, method, path, host, headers, protocol, jwt }: Call,
): CallOutcome | undefined {
  const access = evaluateAccess(set, gateway!.workload, {
    port,
    method: method ?? 'GET',
    path: path ?? '/',
    host,
    headers,
    protocol,
    jwt,
  });
  return access.allowed ? undefined : refusal(access, protocol);
}

function refusal(
  { reason, status }: AccessDecision,
  protocol: Call['protocol'],
): CallOutcome {
  return protocol === 'tcp'
    ? { type: 'closed', why: reason }
    : { type: 'answered', status: status ?? 403, why: reason };
}

/** Inside the cluster a Service may be asked by shorter names, as DNS completes them. */
function knownHost(set: MeshObjects, { host, from }: Call): string {
  const { domain } = set.meshConfig;
  const completed = [
    host,
    `${host}.${from.namespace}.svc.${domain}`,
    `${host}.svc.${domain}`,
    `${host}.${domain}`,
  ];
  return completed.find(name => serviceOfHost(set, name)) ?? host;
}

/** A caller without a proxy meets the Service's pods by turns. */
function callPastProxies(set: MeshObjects, call: Call): CallOutcome[] {
  const service = serviceOfHost(set, knownHost(set, call));
  if (!service) {
    return [{ type: 'closed', why: `nobody has the host ${call.host}` }];
  }
  const [namespace, name] = [namespaceOf(service), service.metadata.name];
  return workloadsOf(set, namespace, name).flatMap(workload =>
    arrive(set, call, {
      workload,
      service: { namespace, name },
      port: call.port,
      path: call.path ?? '/',
      host: call.host,
    }),
  );
}

/** The rule that takes a call, and by which of its matches. */
interface Way {
  rule: RouteRule;
  match?: RequestMatch;
  routes: EffectiveRoutes;
}

function followRule(set: MeshObjects, call: Call, way: Way): CallOutcome[] {
  const { rule } = way;
  const abort = rule.fault?.abort;
  const outcomes: CallOutcome[] = abort?.share
    ? [{ type: 'answered', status: abort.httpStatus, why: 'a fault' }]
    : [];
  if (abort && abort.share >= 1) {
    return outcomes;
  }
  if (rule.redirect) {
    return [
      ...outcomes,
      { type: 'answered', status: rule.redirect.status, why: 'a redirect' },
    ];
  }
  if (rule.directResponse) {
    const { status } = rule.directResponse;
    return [
      ...outcomes,
      { type: 'answered', status, why: 'a direct response' },
    ];
  }
  return [
    ...outcomes,
    ...rule.destinations
      .filter(({ share }) => share > 0)
      .flatMap(destination => followDestination(set, call, way, destination)),
  ];
}

function followDestination(
  set: MeshObjects,
  call: Call,
  { rule, match }: Way,
  destination: RouteDestination,
): CallOutcome[] {
  const { service, refused, state, host, subset } = destination;
  if (refused) {
    return [{ type: 'answered', ...refused }];
  }
  if (state !== 'ok' || !service) {
    return [{ type: 'answered', status: 503, why: state }];
  }
  const ports = portNumbers(
    set.get('Service', service.namespace, service.name),
  );
  // Where only one port is there to go to, none need be named.
  const port = destination.port ?? (ports.length === 1 ? ports[0] : call.port);
  if (!ports.includes(port)) {
    const why = `${host} has no port ${port}`;
    return [{ type: 'answered', status: 503, why }];
  }
  return destination.workloads.flatMap(workload =>
    arrive(set, call, {
      workload,
      service,
      port,
      subset,
      path: rewritePath(rule, match, call.path ?? '/'),
      host: rule.rewrite?.authority || call.host,
    }),
  );
}

interface Arrival {
  workload: Workload;
  service: { namespace: string; name: string };
  /** The Service's. */
  port: number;
  subset?: string;
  path: string;
  host: string;
}

/** What a workload's own side makes of it. */
function arrive(
  set: MeshObjects,
  call: Call,
  { workload, service, port, subset, path, host }: Arrival,
): CallOutcome[] {
  const caller = call.gateway?.workload ?? call.from;
  const { outcome, why } = connection(set, caller, {
    workload,
    service,
    port,
    subset,
  });
  if (outcome === 'refused') {
    return [
      call.from.dataPlane === 'none' && !call.gateway
        ? { type: 'closed', why }
        : { type: 'answered', status: 503, why },
    ];
  }
  const ownPort = targetPortOf(
    set.get('Service', service.namespace, service.name),
    port,
    workload,
  );
  const access = evaluateAccess(set, workload, {
    principal: outcome === 'mtls' ? caller.principal : undefined,
    port: ownPort,
    method: call.method ?? 'GET',
    path,
    host,
    headers: call.headers,
    protocol: call.protocol,
    jwt: call.jwt,
    service,
  });
  if (!access.allowed) {
    return [refusal(access, call.protocol)];
  }
  return workload.pods.filter(isReady).map(pod => ({
    type: 'reaches',
    pod: `${namespaceOf(pod)}/${pod.metadata.name}`,
    port: ownPort,
    path,
    host,
    why,
  }));
}
