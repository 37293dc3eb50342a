import { KubeObject, namespaceOf, refOf } from '../kube/KubeObject';
import { oldestFirst } from '../kube/age';
import type { MeshObjects } from '../MeshObjects';
import { takesEverything } from './catchAlls';
import { meshRoutesFor } from './gatewayApi/meshRoutes';
import { httpRoutesOf } from './httpRules';
import type { RouteCandidate } from './RouteCandidate';
import { EgressListener, importsRoute } from './sidecarScope';
import type { RequestOrigin, RouteLoser, RouteRule } from './types';
import type { Viewer } from './viewerOf';
import {
  hostsOf,
  virtualServicesFor,
  precedenceReason,
} from './virtualServices';

/** Who asks for a host of the mesh. */
export interface MeshQuery {
  from: Extract<RequestOrigin, { type: 'mesh' }>;
  viewer: Viewer;
  port?: number;
  /** What the caller's proxy imports. */
  listener: EgressListener;
}

/** What the objects for a host do together. */
export interface DecidedRoutes {
  rules: RouteRule[];
  decidedBy?: KubeObject;
  losers: RouteLoser[];
  /** Whether no port is left to the default rule. */
  takesAllPorts: boolean;
}

/**
 * The HTTP rules for a host inside the mesh. VirtualServices and Gateway API routes compete for it: istiod makes a
 * VirtualService of the routes of each namespace, and for each port the first that has rules decides alone.
 * Source: istio pilot/pkg/networking/core/httproute.go, buildSidecarOutboundVirtualHosts.
 */
export function meshRoutes(
  set: MeshObjects,
  host: string,
  query: MeshQuery,
): DecidedRoutes {
  const { port } = query;
  const { losers, bound } = boundTo(set, host, query);
  const result: DecidedRoutes = { rules: [], losers, takesAllPorts: false };
  const winners: RouteCandidate[] = [];
  for (const candidate of bound) {
    if (isForAnotherPort(candidate, port)) {
      continue;
    }
    const winner = winners.find(
      ({ port: taken }) =>
        port !== undefined || taken === undefined || taken === candidate.port,
    );
    if (winner) {
      lose(result.losers, candidate, precedenceReason(candidate, winner));
      continue;
    }
    const rules = candidate.rules();
    result.losers.push(...(candidate.invalid?.() ?? []));
    if (rules.length === 0) {
      continue;
    }
    winners.push(candidate);
    result.rules.push(...rules, ...endOfPort(candidate, rules, port));
    result.takesAllPorts ||=
      candidate.port === undefined || candidate.port === port;
  }
  return { ...result, decidedBy: winners[0]?.object };
}

/** Where all ports are listed, nobody else takes what the routes for one of them leave. */
function endOfPort(
  { port: own }: RouteCandidate,
  rules: readonly RouteRule[],
  asked: number | undefined,
): RouteRule[] {
  const isOpen =
    own !== undefined &&
    asked === undefined &&
    !rules.some(rule => takesEverything(rule, { port: own }));
  return isOpen
    ? [
        {
          index: 0,
          matches: [{ port: own }],
          destinations: [],
          mirrors: [],
          directResponse: { status: 404 },
        },
      ]
    : [];
}

/**
 * Who may decide over a host: all that name it itself; where nobody does, the one with the most specific wildcard, and nobody
 * else even where that has no rule for the caller. A route for callers of another namespace names the host, too.
 * Source: istio pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex.
 */
function boundTo(
  set: MeshObjects,
  host: string,
  query: MeshQuery,
): { bound: RouteCandidate[]; losers: RouteLoser[] } {
  const routes = meshRoutesFor(set, host, query.from);
  const losers = [...routes.losers];
  const imported = inOrder([
    ...virtualServiceCandidates(set, host, query),
    ...routes.candidates,
  ]).filter(candidate => {
    const isImported = importsRoute(query.listener, toImported(candidate));
    if (!isImported && !isForAnotherPort(candidate, query.port)) {
      const why = 'the Sidecar of the caller does not import it';
      lose(losers, candidate, why);
    }
    return isImported;
  });
  const hiding = routes.forOthers.find(route =>
    importsRoute(query.listener, {
      namespace: namespaceOf(route),
      hosts: [host],
      isGatewayApi: true,
    }),
  );
  if (hiding && imported.every(candidate => !isBound(candidate))) {
    const why = `its host is less specific than that of ${hiding.metadata.name}, whoever that is for`;
    imported.forEach(candidate => lose(losers, candidate, why));
    return { bound: [], losers };
  }
  const [first, ...others] = imported;
  for (const candidate of others.filter(other => !isBound(other))) {
    lose(losers, candidate, precedenceReason(candidate, first));
  }
  return { bound: first ? [first, ...others.filter(isBound)] : [], losers };
}

/** Whether it names the host itself. */
function isBound({ specificity }: RouteCandidate): boolean {
  return specificity === Number.MAX_SAFE_INTEGER;
}

function isForAnotherPort(
  candidate: RouteCandidate,
  port: number | undefined,
): boolean {
  return (
    candidate.port !== undefined &&
    port !== undefined &&
    candidate.port !== port
  );
}

function toImported({ object, hosts, isGatewayApi }: RouteCandidate) {
  return { namespace: namespaceOf(object), hosts, isGatewayApi };
}

function lose(losers: RouteLoser[], candidate: RouteCandidate, why: string) {
  for (const object of candidate.objects) {
    losers.push({ object: refOf(object), why });
  }
}

function virtualServiceCandidates(
  set: MeshObjects,
  host: string,
  query: MeshQuery,
): RouteCandidate[] {
  return virtualServicesFor(set, host, query.viewer).map(
    ({ object, specificity, distance }) => ({
      object,
      objects: [object],
      hosts: hostsOf(set, object),
      specificity,
      distance,
      name: object.metadata.name,
      isGatewayApi: false,
      rules: () => httpRoutesOf(set, object, query),
    }),
  );
}

/** The most specific first, then the nearest, then the oldest. */
function inOrder(candidates: RouteCandidate[]): RouteCandidate[] {
  if (candidates.length < 2) {
    return candidates;
  }
  const byObject = new Map<KubeObject, RouteCandidate>();
  const named = candidates.map(candidate => {
    const { object, name } = candidate;
    const key = { ...object, metadata: { ...object.metadata, name } };
    byObject.set(key, candidate);
    return key;
  });
  return oldestFirst(named)
    .map(key => byObject.get(key)!)
    .sort((a, b) => b.specificity - a.specificity || a.distance - b.distance);
}
