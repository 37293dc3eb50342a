import {
  callerAccess,
  CallerAccess,
  MeshObjects,
  namedPrincipals,
  targetPortOf,
  type Workload,
  workloads,
  workloadsOf,
} from '@meshdeck/istio-config';
import type { CallerView, Placement } from '@meshdeck/plugin-mesh-common';
import { Traffic } from '../metrics/Traffic';
import { servicePorts } from './servicePorts';

/** What is called: a workload behind the Service, on one of its ports. */
interface CalledPlace {
  target: Workload;
  /** The pods'. */
  port: number;
}

/** Each workload behind a Service on each of its ports. */
export function calledPlaces(
  set: MeshObjects,
  placement: Pick<Placement, 'namespace' | 'service'>,
): CalledPlace[] {
  const service = set.get('Service', placement.namespace, placement.service);
  const ports = servicePorts(set, placement);
  return workloadsOf(set, placement.namespace, placement.service).flatMap(
    target =>
      (ports.length > 0 ? ports : [{ port: 80 }]).map(({ port }) => ({
        target,
        port: targetPortOf(service, port, target),
      })),
  );
}

/**
 * Everybody who was seen calling, then everybody whom a policy names but who was not seen, with what they may at the first workload on the
 * first port.
 */
export function callersOf(
  set: MeshObjects,
  placement: Placement,
  traffic: Traffic | undefined,
): CallerView[] {
  const [place] = calledPlaces(set, placement);
  if (!place) {
    return [];
  }
  const { target, port } = place;
  const name = { namespace: placement.namespace, name: placement.service };
  const accessOf = (principal: string | undefined) => {
    const access = callerAccess(set, target, {
      principal,
      port,
      service: name,
    });
    return { ...verdictOn(access), decidedBy: access.decidedBy };
  };
  const seen = seenCallers(traffic).map(caller => ({
    ...caller,
    ...accessOf(caller.principal),
  }));
  const known = new Set(seen.map(({ principal }) => principal));
  const named = namedPrincipals(set, target, name)
    .filter(principal => !known.has(principal))
    .map(principal => ({
      ...placeOf(set, principal),
      principal,
      requestsPerSecond: traffic ? 0 : undefined,
      encrypted: 'unknown' as const,
      ...accessOf(principal),
    }));
  return [...seen, ...named];
}

/** Who called, the busiest first. */
export function seenCallers(traffic: Traffic | undefined) {
  const parts = traffic?.partsBy(
    ({ caller, callerNamespace }) => `${callerNamespace}/${caller}`,
  );
  return [...(parts?.values() ?? [])]
    .map(own => {
      const [{ caller, callerNamespace }] = own.edges;
      return {
        name: caller,
        namespace: callerNamespace,
        principal: own.edges.find(edge => edge.callerPrincipal)
          ?.callerPrincipal,
        requestsPerSecond: own.requestsPerSecond,
        encrypted: encryptionOf(own.mtlsShare),
        deniedShare: own.shareOf(edge => edge.code === '403'),
      };
    })
    .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond);
}

/** Callers without encryption, by name. */
export function plaintextCallersOf(
  traffic:
    | { edges: readonly { caller: string; encrypted?: boolean }[] }
    | undefined,
): string[] {
  const callers = traffic?.edges
    .filter(({ encrypted }) => encrypted === false)
    .map(({ caller }) => caller);
  return [...new Set(callers)].sort();
}

/** In words, from the share of requests that came encrypted. */
export function encryptionOf(
  share: number | undefined,
): CallerView['encrypted'] {
  if (share === undefined) {
    return 'unknown';
  }
  if (share === 0) {
    return 'no';
  }
  return share === 1 ? 'yes' : 'partly';
}

/** Of what a caller may, what a page shows. */
export function verdictOn(access: CallerAccess) {
  return {
    allowed: access.allowed,
    allowedOperations: access.operations,
    why: access.why,
  };
}

/** The workload that bears a principal, or the account's own name. */
function placeOf(set: MeshObjects, principal: string) {
  const bearer = workloads(set).find(
    workload => workload.principal === principal,
  );
  const match = /\/ns\/([^/]+)\/sa\/(.+)$/.exec(principal);
  return {
    name: bearer?.canonicalService ?? match?.[2] ?? principal,
    namespace: bearer?.namespace ?? match?.[1] ?? '',
  };
}
