import { evaluateAccess } from '../authorization/evaluateAccess';
import { serviceHost, serviceOfHost } from '../hosts/hosts';
import { namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { toDestination } from '../routes/destinations';
import { effectiveRoutesOfHost } from '../routes/effectiveRoutesOfHost';
import { matchRequest } from '../routes/matchRequest';
import { hasHttpListener } from '../routes/httpListeners';
import { listensOn } from '../routes/listensOn';
import { sidecarScopeOf } from '../routes/sidecarScope';
import type { RequestOrigin } from '../routes/types';
import { arrive, refusal } from './arrive';
import { followRule } from './followRule';
import type { Call, CallOutcome } from './types';

/** What becomes of a call: each way that it may end. @public */
export function foretellCall(set: MeshObjects, call: Call): CallOutcome[] {
  const outcomes =
    !call.gateway && call.from.dataPlane === 'none'
      ? pastProxies(set, call, 'the caller has no proxy')
      : byRoutes(set, call);
  return call.protocol === 'http' ? outcomes : outcomes.map(asConnection);
}

/** Who sends no request gets no answer to it. */
function asConnection(outcome: CallOutcome): CallOutcome {
  return outcome.type === 'answered'
    ? { type: 'closed', why: outcome.why }
    : outcome;
}

function byRoutes(set: MeshObjects, call: Call): CallOutcome[] {
  const { gateway, port } = call;
  if (gateway && !listensOn(set, gateway.name, port)) {
    const why = `no server of ${gateway.name} listens on ${port}`;
    return [{ type: 'closed', why }];
  }
  const refused = gateway && refusedAtGateway(set, call);
  if (refused) {
    return [refused];
  }
  const { namespace, labels, dataPlane } = call.from;
  const from: RequestOrigin = gateway
    ? { type: 'gateway', gateway: gateway.name }
    : { type: 'mesh', namespace, labels, dataPlane };
  const routes = effectiveRoutesOfHost(
    set,
    gateway ? nameOf(call.host) : knownHost(set, call),
    from.type === 'gateway' ? { gateway: from.gateway, port } : { from, port },
  );
  if (routes.outOfScope) {
    const { outcome, why } = routes.outOfScope;
    const scope = sidecarScopeOf(set, call.from);
    const isSeen = hasHttpListener(set, port, { namespace, scope });
    if (outcome === 'passthrough') {
      return pastProxies(set, call, why, { isSeen });
    }
    if (!isSeen) {
      return [{ type: 'closed', why }];
    }
  }
  const { rule, match, why } = matchRequest(
    routes,
    {
      method: call.method ?? 'GET',
      path: call.path ?? '/',
      host: call.host,
      headers: call.headers,
      port,
      // A plain connection greets nobody by name.
      ...(call.protocol === 'tcp' ? { sni: '' } : {}),
    },
    from,
  );
  if (rule?.isPassthrough) {
    return pastProxies(set, call, why);
  }
  return rule
    ? followRule(set, call, { rule, match })
    : [{ type: 'answered', status: 404, why }];
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
    protocol: protocol === 'http' ? 'http' : 'tcp',
    jwt,
  });
  return access.allowed ? undefined : refusal(access);
}

/** A Host header may name a port; proxies find the rules without it. */
function nameOf(host: string): string {
  return /^([^:]+|\[.*\]):\d+$/.exec(host)?.[1] ?? host;
}

/** Inside the cluster a Service may be asked by shorter names, as DNS completes them. */
function knownHost(set: MeshObjects, call: Call): string {
  const { domain } = set.meshConfig;
  const { from } = call;
  const host = nameOf(call.host);
  const completed = [
    host,
    `${host}.${from.namespace}.svc.${domain}`,
    `${host}.svc.${domain}`,
    `${host}.${domain}`,
  ];
  return completed.find(name => serviceOfHost(set, name)) ?? host;
}

/** Without a proxy that routes, Kubernetes alone decides: the pods of the Service that is called, by turns. */
function pastProxies(
  set: MeshObjects,
  call: Call,
  why: string,
  { isSeen = false } = {},
): CallOutcome[] {
  const { host, port, path } = call;
  const service = call.to
    ? set.get('Service', call.to.namespace, call.to.name)
    : serviceOfHost(set, knownHost(set, call));
  if (!service) {
    return [{ type: 'leaves', host, port, path, why }];
  }
  const [namespace, name] = [namespaceOf(service), service.metadata.name];
  const { state, workloads } = toDestination(
    set,
    { host: serviceHost(namespace, name, set.meshConfig.domain), share: 1 },
    { type: 'mesh', namespace },
  );
  if (state === 'no-pods') {
    const nobody = `no pod of Service ${namespace}/${name} is ready`;
    return [
      isSeen
        ? { type: 'answered', status: 503, why: nobody }
        : { type: 'closed', why: nobody },
    ];
  }
  if (workloads.length === 0) {
    return [{ type: 'leaves', host, port, path, why }];
  }
  return workloads.flatMap(workload =>
    arrive(set, call, {
      workload,
      service: { namespace, name },
      port,
      path: path ?? '/',
      host,
      isPlain: true,
      isSeen,
    }),
  );
}
