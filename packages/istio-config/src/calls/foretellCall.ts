import { serviceHost, serviceOfHost } from '../hosts/hosts';
import { isHeadless } from '../kube/headless';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { toServiceItself } from '../routes/destinations';
import { effectiveRoutesOfHost } from '../routes/effectiveRoutesOfHost';
import { matchRequest } from '../routes/matchRequest';
import { whyNotGreeted } from '../routes/metServers';
import { hasHttpListener, isRegisteredOn } from '../routes/httpListeners';
import { listensOn } from '../routes/listensOn';
import { portNumbers } from '../routes/portProtocol';
import { type SidecarScope, sidecarScopeOf } from '../routes/sidecarScope';
import type { EffectiveRoutes, RequestOrigin } from '../routes/types';
import { arrive } from './arrive';
import { pastTokenReaders, refusedAtGateway } from './atGateway';
import { followRule } from './followRule';
import type { Call, CallOutcome } from './types';

type MeshOrigin = Extract<RequestOrigin, { type: 'mesh' }>;

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
  const unheard =
    gateway && call.protocol === 'http'
      ? whyNotGreeted(set, gateway.name, call)
      : undefined;
  if (unheard) {
    return [{ type: 'closed', why: unheard }];
  }
  const refused = gateway ? refusedAtGateway(set, call) : [];
  if (refused.length > 0) {
    return refused;
  }
  const { claims, onward } = pastTokenReaders(set, call);
  const { namespace, labels, dataPlane } = call.from;
  const from: RequestOrigin = gateway
    ? { type: 'gateway', gateway: gateway.name }
    : { type: 'mesh', namespace, labels, dataPlane };
  const scope = sidecarScopeOf(set, call.from);
  const routes =
    from.type === 'gateway'
      ? effectiveRoutesOfHost(set, nameOf(call.host), {
          gateway: from.gateway,
          port,
          sni: call.sni,
        })
      : routesInMesh(set, call, { from, scope });
  if (routes.outOfScope) {
    const { outcome, why } = routes.outOfScope;
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
      claims,
      port,
      isEncrypted: call.sni !== undefined,
      // A plain connection greets nobody by name.
      ...(call.protocol === 'tcp' ? { sni: '' } : {}),
    },
    from,
  );
  if (rule?.isPassthrough) {
    return pastProxies(set, call, why);
  }
  return rule
    ? followRule(set, onward, { rule, match })
    : [{ type: 'answered', status: 404, why }];
}

/** Shorter names are only for what the caller's proxy knows; what VirtualServices alone have is asked for as they write it. */
function routesInMesh(
  set: MeshObjects,
  call: Call,
  { from, scope }: { from: MeshOrigin; scope: SidecarScope },
): EffectiveRoutes {
  const { port } = call;
  const called = calledHost(set, call);
  if (called) {
    return effectiveRoutesOfHost(set, called, { from, port });
  }
  const written = nameOf(call.host);
  const host = knownHost(set, call);
  const object = serviceOfHost(set, host);
  const routes = effectiveRoutesOfHost(set, host, { from, port });
  const isKnown =
    host === written ||
    routes.outOfScope ||
    (object &&
      isRegisteredOn(set, { host, object }, port, {
        namespace: from.namespace,
        scope,
      }));
  return isKnown ? routes : effectiveRoutesOfHost(set, written, { from, port });
}

/** Connections find their rules by the address that is called, whatever name is in a greeting. */
function calledHost(
  set: MeshObjects,
  { protocol, to }: Call,
): string | undefined {
  return protocol !== 'http' && to && set.get('Service', to.namespace, to.name)
    ? serviceHost(to.namespace, to.name, set.meshConfig.domain)
    : undefined;
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
  if (!isHeadless(service) && !hasPort(service, port)) {
    const nobody = `Service ${namespace}/${name} has no port ${port}`;
    return [{ type: 'closed', why: nobody }];
  }
  const { state, workloads } = toServiceItself(set, service);
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
      address: call.address,
      isPlain: true,
      isSeen,
    }),
  );
}

/** Of an ExternalName the ports are those of another host. */
function hasPort(service: KubeObject, port: number): boolean {
  return (
    service.spec?.type === 'ExternalName' || portNumbers(service).includes(port)
  );
}
