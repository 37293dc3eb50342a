import { KubeObject, namespaceOf, refOf } from '../kube/KubeObject';
import { oldestFirst } from '../kube/age';
import type { MeshObjects } from '../MeshObjects';
import { meshRoutesFor } from './gatewayApi/meshRoutes';
import { httpRoutesOf } from './httpRules';
import type { RouteCandidate } from './RouteCandidate';
import { EgressListener, importsRoute } from './sidecarScope';
import type { RequestOrigin, RouteLoser, RouteRule } from './types';
import { hostsOf, virtualServicesFor, whyBeaten } from './virtualServices';

/** Who asks for a host of the mesh. */
export interface MeshQuery {
  from: Extract<RequestOrigin, { type: 'mesh' }>;
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
  const { from, port, listener } = query;
  const routes = meshRoutesFor(set, host, from);
  const candidates = inOrder([
    ...virtualServiceCandidates(set, host, query),
    ...routes.candidates,
  ]);
  const result: DecidedRoutes = {
    rules: [],
    losers: [...routes.losers],
    takesAllPorts: false,
  };
  const winners: RouteCandidate[] = [];
  for (const candidate of candidates) {
    if (isForAnotherPort(candidate, port)) {
      continue;
    }
    if (!importsRoute(listener, toImported(candidate))) {
      lose(result, candidate, `the Sidecar of the caller does not import it`);
      continue;
    }
    const winner = winners.find(
      ({ port: taken }) => taken === undefined || taken === candidate.port,
    );
    if (winner) {
      lose(result, candidate, whyBeaten(candidate, winner));
      continue;
    }
    const rules = candidate.rules();
    result.losers.push(...(candidate.invalid?.() ?? []));
    if (rules.length === 0) {
      continue;
    }
    winners.push(candidate);
    result.rules.push(...rules);
    result.takesAllPorts ||=
      candidate.port === undefined || candidate.port === port;
  }
  return { ...result, decidedBy: winners[0]?.object };
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

function lose(result: DecidedRoutes, candidate: RouteCandidate, why: string) {
  for (const object of candidate.objects) {
    result.losers.push({ object: refOf(object), why });
  }
}

function virtualServiceCandidates(
  set: MeshObjects,
  host: string,
  { from, port }: MeshQuery,
): RouteCandidate[] {
  return virtualServicesFor(set, host, from).map(
    ({ object, specificity, distance }) => ({
      object,
      objects: [object],
      hosts: hostsOf(set, object),
      specificity,
      distance,
      name: object.metadata.name,
      isGatewayApi: false,
      rules: () => httpRoutesOf(set, object, { from, port }),
    }),
  );
}

/** The most specific first, then the nearest, then the oldest. */
function inOrder(candidates: readonly RouteCandidate[]): RouteCandidate[] {
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
