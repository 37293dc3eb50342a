import {
  hostCovers,
  resolveHost,
  serviceHost,
  serviceOfHost,
} from '../hosts/hosts';
import { parseDurationMs } from '../kube/duration';
import { KubeObject, refOf } from '../kube/KubeObject';
import { textsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshConfigSet } from '../MeshConfigSet';
import { workloadsOf } from '../workloads/workloads';
import { httpRulesOf } from './delegates';
import { destinationRulesFor } from './destinationRules';
import { operationsOf } from './operations';
import type {
  EffectiveRoutes,
  RequestMatch,
  RequestOrigin,
  RouteDestination,
  RouteRule,
} from './types';
import { qualifyGateways, virtualServiceFor } from './virtualServices';

/** Whose routes, and seen from where. @public */
export interface RouteQuery {
  namespace: string;
  service: string;
  from: RequestOrigin;
}

/**
 * The ordered rules that requests to a Service run down, seen from one origin. Without a VirtualService there is one
 * rule: everything goes to the Service.
 * @public
 */
export function effectiveRoutes(
  set: MeshConfigSet,
  query: RouteQuery,
): EffectiveRoutes {
  const host = serviceHost(
    query.namespace,
    query.service,
    set.meshConfig.domain,
  );
  const { winner, followers, losers } = virtualServiceFor(
    set,
    host,
    query.from,
  );
  const listed = winner
    ? [winner, ...followers].flatMap(object => httpRulesOf(set, object))
    : [];
  if (!winner || listed.length === 0) {
    return { host, rules: [defaultRule(set, host, query)], losers };
  }
  const rules = listed.flatMap(({ http, owner, path, root }, position) => {
    const matches = matchesFor(http, root, query.from);
    return matches
      ? [toRule(set, owner, { http, path, position, matches, query })]
      : [];
  });
  return { host, rules, decidedBy: refOf(winner), losers };
}

function defaultRule(
  set: MeshConfigSet,
  host: string,
  query: RouteQuery,
): RouteRule {
  return {
    index: 0,
    matches: [],
    destinations: [toDestination(set, { host, share: 1 }, query.from)],
    mirrors: [],
  };
}

/** The matches that can hold for this origin; undefined where none can, an empty list where everything does. */
function matchesFor(
  http: any,
  owner: KubeObject,
  from: RequestOrigin,
): RequestMatch[] | undefined {
  const listed: any[] = Array.isArray(http?.match) ? http.match : [];
  if (listed.length === 0) {
    return [];
  }
  const gateway = from.type === 'mesh' ? 'mesh' : from.gateway;
  const possible = listed.filter(match => {
    const gateways = qualifyGateways(match?.gateways, owner);
    if (gateways && !gateways.includes(gateway)) {
      return false;
    }
    if (from.type === 'gateway') {
      return !match?.sourceLabels && !match?.sourceNamespace;
    }
    return (
      (!match?.sourceNamespace || match.sourceNamespace === from.namespace) &&
      (!match?.sourceLabels ||
        from.labels === undefined ||
        selects(match.sourceLabels, from.labels))
    );
  });
  return possible.length > 0 ? possible : undefined;
}

function toRule(
  set: MeshConfigSet,
  owner: KubeObject,
  source: {
    http: any;
    path: string;
    position: number;
    matches: RequestMatch[];
    query: RouteQuery;
  },
): RouteRule {
  const { http, path, position, matches, query } = source;
  const namespace = owner.metadata.namespace ?? '';
  return {
    index: position,
    name: typeof http.name === 'string' ? http.name : undefined,
    matches,
    destinations: destinationsOf(set, http, namespace, query.from),
    timeoutMs: parseDurationMs(http.timeout) || undefined,
    retries: retriesOf(http.retries),
    fault: faultOf(http.fault),
    mirrors: mirrorsOf(http, namespace, set.meshConfig.domain),
    redirect: http.redirect && {
      uri: http.redirect.uri,
      authority: http.redirect.authority,
      status: http.redirect.redirectCode ?? 301,
    },
    directResponse: http.directResponse && {
      status: http.directResponse.status,
    },
    ...operationsOf(http),
    source: { object: refOf(owner), path },
  };
}

function destinationsOf(
  set: MeshConfigSet,
  http: any,
  namespace: string,
  from: RequestOrigin,
): RouteDestination[] {
  const routes: any[] = (Array.isArray(http.route) ? http.route : []).filter(
    (route: any) => typeof route?.destination?.host === 'string',
  );
  const weightOf = (route: any) =>
    typeof route.weight === 'number' && route.weight > 0 ? route.weight : 0;
  const total = routes.reduce((sum, route) => sum + weightOf(route), 0);
  return routes.map(route =>
    toDestination(
      set,
      {
        host: resolveHost(
          route.destination.host,
          namespace,
          set.meshConfig.domain,
        ),
        subset: route.destination.subset,
        port: route.destination.port?.number,
        weight: route.weight,
        // A single destination gets everything, whatever its weight says. Source: istio validation.go, validateWeights.
        share:
          total > 0 && routes.length > 1
            ? weightOf(route) / total
            : 1 / routes.length,
      },
      from,
    ),
  );
}

function toDestination(
  set: MeshConfigSet,
  target: {
    host: string;
    share: number;
    subset?: string;
    port?: number;
    weight?: number;
  },
  from: RequestOrigin,
): RouteDestination {
  const service = serviceOfHost(set, target.host);
  if (!service) {
    const known = set
      .derive(entryHosts)
      .some(pattern => hostCovers(pattern, target.host));
    return {
      ...target,
      workloads: [],
      state: known ? 'ok' : 'no-such-service',
    };
  }
  const namespace = service.metadata.namespace ?? '';
  const name = service.metadata.name;
  const behind = workloadsOf(set, namespace, name);
  const named = { ...target, service: { namespace, name } };
  if (target.subset === undefined) {
    return { ...named, workloads: behind, state: stateOf(behind) };
  }
  const subset = destinationRulesFor(set, target.host, {
    clientNamespace:
      from.type === 'mesh' ? from.namespace : from.gateway.split('/')[0],
    serviceNamespace: namespace,
  }).subsets.find(candidate => candidate.name === target.subset);
  if (!subset) {
    return { ...named, workloads: [], state: 'no-such-subset' };
  }
  const selected = behind.filter(workload =>
    selects(subset.labels, workload.labels),
  );
  return { ...named, workloads: selected, state: stateOf(selected) };
}

function entryHosts(set: MeshConfigSet): readonly string[] {
  return set.all('ServiceEntry').flatMap(({ spec }) => textsOf(spec?.hosts));
}

function stateOf(
  workloads: RouteDestination['workloads'],
): RouteDestination['state'] {
  return workloads.some(workload => workload.readyPods > 0) ? 'ok' : 'no-pods';
}

function retriesOf(retries: any): RouteRule['retries'] {
  return typeof retries?.attempts === 'number'
    ? {
        attempts: retries.attempts,
        perTryTimeoutMs: parseDurationMs(retries.perTryTimeout),
        retryOn: retries.retryOn,
      }
    : undefined;
}

function faultOf(fault: any): RouteRule['fault'] {
  const delayMs = parseDurationMs(fault?.delay?.fixedDelay);
  const abortStatus = fault?.abort?.httpStatus;
  if (delayMs === undefined && typeof abortStatus !== 'number') {
    return undefined;
  }
  return {
    delay:
      delayMs === undefined
        ? undefined
        : { share: percentage(fault.delay), fixedDelayMs: delayMs },
    abort:
      typeof abortStatus === 'number'
        ? { share: percentage(fault.abort), httpStatus: abortStatus }
        : undefined,
  };
}

/** Istio's `percentage.value`, or the older `percent`; without either no request is concerned. */
function percentage(block: any): number {
  const value = block?.percentage?.value ?? block?.percent ?? 0;
  return Math.min(Math.max(Number(value) / 100 || 0, 0), 1);
}

function mirrorsOf(
  http: any,
  namespace: string,
  domain: string,
): RouteRule['mirrors'] {
  const listed: any[] = Array.isArray(http.mirrors) ? http.mirrors : [];
  const single = http.mirror
    ? [
        {
          destination: http.mirror,
          percentage: http.mirrorPercentage ?? {
            value: http.mirrorPercent ?? 100,
          },
        },
      ]
    : [];
  return [...listed, ...single]
    .filter(mirror => typeof mirror?.destination?.host === 'string')
    .map(mirror => ({
      host: resolveHost(mirror.destination.host, namespace, domain),
      subset: mirror.destination.subset,
      share: mirror.percentage ? percentage(mirror) : 1,
    }));
}
