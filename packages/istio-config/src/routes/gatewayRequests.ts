import { commonHost } from '../hosts/commonHost';
import { hostCovers, hostSpecificity } from '../hosts/hosts';
import { KubeObject, namespaceOf, refOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { catchAllsLast } from './catchAlls';
import { GatewayServer, hostsAt, redirectedHosts } from './gatewayServers';
import { httpRoutesOf, RuleContext } from './httpRules';
import type { RouteRule } from './types';
import { hostsOf, virtualServicesSeenFor } from './virtualServices';

/** What some servers of a gateway do with what comes for a host. */
export interface ServedRules {
  rules: RouteRule[];
  /** Whose rules they are. */
  inForce: KubeObject[];
  /** Why an object that the servers take has no effect. */
  why: (object: KubeObject) => string | undefined;
}

interface ServedDomain {
  /** Absent for a host that a server only redirects. */
  object?: KubeObject;
  rules: readonly RouteRule[];
  server: GatewayServer;
  /** What a server's host and the object's have in common. */
  domain: string;
}

/**
 * The HTTP rules for a host: all VirtualServices that have the same host in common with the servers share a virtual host, and
 * the most specific virtual host takes all requests. One without a rule for the port makes none.
 * Source: istio pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig.
 */
export function requestsAt(
  set: MeshObjects,
  host: string,
  servers: readonly GatewayServer[],
  context: RuleContext,
): ServedRules {
  const domains = servers
    .filter(({ routing }) => routing === 'requests')
    .flatMap(server => domainsAt(set, server, host, context));
  const best = Math.max(
    ...domains.map(({ domain }) => hostSpecificity(domain)),
  );
  const chosen = domains.filter(
    ({ domain }) => hostSpecificity(domain) === best,
  );
  const byObject = new Map(chosen.map(({ object, rules }) => [object, rules]));
  const redirecting = chosen.find(({ server }) => server.redirects);
  const inForce = [...byObject.keys()].filter(
    (object): object is KubeObject => object !== undefined,
  );
  return {
    rules: redirecting
      ? [redirectRule(redirecting.server)]
      : catchAllsLast([...byObject.values()], context),
    inForce,
    why: object =>
      domains.some(other => other.object === object)
        ? `its host is less specific than ${chosen[0].domain}`
        : undefined,
  };
}

function domainsAt(
  set: MeshObjects,
  server: GatewayServer,
  host: string,
  context: RuleContext,
): ServedDomain[] {
  const viewer = { ...context.viewer, gateway: server.gateway };
  const served = virtualServicesSeenFor(set, host, viewer).flatMap(object => {
    const common = hostsAt(server, namespaceOf(object))
      .flatMap(own => hostsOf(set, object).map(other => commonHost(own, other)))
      .filter(domain => domain !== undefined && hostCovers(domain, host));
    const rules =
      common.length > 0
        ? httpRoutesOf(set, object, { ...context, viewer })
        : [];
    return rules.length === 0
      ? []
      : [...new Set(common)].map(domain => ({
          object,
          rules,
          server,
          domain: domain!,
        }));
  });
  const redirected = redirectedHosts(server)
    .filter(domain => hostCovers(domain, host))
    .map(domain => ({ rules: [], server, domain }));
  return [...served, ...redirected];
}

/** Plain HTTP is answered before any rule is looked at. */
function redirectRule({ object, position }: GatewayServer): RouteRule {
  return {
    index: 0,
    matches: [],
    destinations: [],
    mirrors: [],
    redirect: { scheme: 'https', status: 301 },
    ...(object
      ? {
          source: { object: refOf(object), at: ['spec', 'servers', position] },
        }
      : {}),
  };
}
