import { evaluateAccess } from '../authorization/evaluateAccess';
import { namespaceOf } from '../kube/KubeObject';
import { serviceOfHost } from '../hosts/hosts';
import type { MeshObjects } from '../MeshObjects';
import { connection } from '../mtls/connection';
import { effectiveRoutesOfHost } from '../routes/effectiveRoutesOfHost';
import { matchRequest } from '../routes/matchRequest';
import type {
  EffectiveRoutes,
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
  const from: RequestOrigin = call.gateway
    ? { type: 'gateway', gateway: call.gateway.name }
    : {
        type: 'mesh',
        namespace: call.from.namespace,
        labels: call.from.labels,
      };
  const routes = effectiveRoutesOfHost(
    set,
    call.gateway ? call.host : knownHost(set, call),
    from.type === 'gateway'
      ? { gateway: from.gateway, port: call.port }
      : { from, port: call.port },
  );
  const { rule, why } = matchRequest(
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
    ? followRule(set, call, rule, routes)
    : [
        routes.rules.some(({ protocol }) => protocol)
          ? { type: 'closed', why }
          : { type: 'answered', status: 404, why },
      ];
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

function followRule(
  set: MeshObjects,
  call: Call,
  rule: RouteRule,
  routes: EffectiveRoutes,
): CallOutcome[] {
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
      .flatMap(destination =>
        followDestination(set, call, { rule, destination, routes }),
      ),
  ];
}

function followDestination(
  set: MeshObjects,
  call: Call,
  way: {
    rule: RouteRule;
    destination: RouteDestination;
    routes: EffectiveRoutes;
  },
): CallOutcome[] {
  const { rule, destination } = way;
  const { service, refused, state } = destination;
  if (refused) {
    return [{ type: 'answered', ...refused }];
  }
  if (state !== 'ok' || !service) {
    return [{ type: 'answered', status: 503, why: state }];
  }
  return destination.workloads.flatMap(workload =>
    arrive(set, call, {
      workload,
      service,
      port: destination.port ?? call.port,
      subset: destination.subset,
      path: pathAfter(rule, call),
      host: rule.rewrite?.authority ?? call.host,
    }),
  );
}

/** Only what a prefix match and a plain rewrite make of it. */
function pathAfter({ rewrite, matches }: RouteRule, call: Call): string {
  const path = call.path ?? '/';
  if (rewrite?.uri === undefined) {
    return path;
  }
  const prefix = matches
    .map(({ uri }) => uri?.prefix)
    .find(candidate => candidate !== undefined && path.startsWith(candidate));
  return prefix === undefined
    ? rewrite.uri
    : `${rewrite.uri}${path.slice(prefix.length)}`;
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
    return [
      call.protocol === 'tcp'
        ? { type: 'closed', why: access.reason }
        : {
            type: 'answered',
            status: access.status ?? 403,
            why: access.reason,
          },
    ];
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
