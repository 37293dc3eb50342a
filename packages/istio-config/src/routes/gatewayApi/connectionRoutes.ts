import { commonHost } from '../../hosts/commonHost';
import { KubeObject, refOf } from '../../kube/KubeObject';
import { compareTexts } from '../../kube/order';
import { isMap, itemsOf, textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { distanceOf } from '../distance';
import type { RequestMatch, RequestOrigin, RouteRule } from '../types';
import { backendsOf } from './backends';
import { hostnamesAt, listenersOf, whyNotAttached } from './listeners';
import { hostsOfParent } from './meshRoutes';
import { isInvalid } from './rankedMatches';
import {
  GATEWAY_API,
  madeName,
  ParentReference,
  parentsOf,
} from './references';

/** Kinds of routes that carry connections, by what they look at. */
export const CONNECTION_ROUTES = { tls: 'TLSRoute', tcp: 'TCPRoute' } as const;

/** What istiod calls the sidecars' gateway. */
const MESH = 'mesh';

/** Where connections go that are to be refused. */
const NOBODY = {
  host: 'internal.cluster.local',
  share: 1,
  workloads: [],
  state: 'no-such-service' as const,
};

/** A TLSRoute or TCPRoute for a host of the mesh, as one of its references has it. */
export interface MeshConnectionRoute {
  route: KubeObject;
  /** Of the VirtualService that istiod makes of it, by which ties are broken. */
  name: string;
  /** See `distanceOf`. */
  distance: number;
  rules: RouteRule[];
}

/**
 * The TLSRoutes or TCPRoutes for a host of the mesh, for callers of whichever namespace; each counts for itself.
 * Source: istio pilot/pkg/config/kube/gateway/route_collections.go, TLSRouteCollection and TCPRouteCollection.
 */
export function meshConnectionRoutes(
  set: MeshObjects,
  host: string,
  asked: {
    from: Extract<RequestOrigin, { type: 'mesh' }>;
    protocol: keyof typeof CONNECTION_ROUTES;
    port?: number;
  },
): MeshConnectionRoute[] {
  const { from, protocol, port } = asked;
  const byHost = set.derive(parentsByHost, protocol);
  return (byHost.get(host.toLowerCase()) ?? [])
    .filter(({ parent }) => isForPort(parent, port))
    .flatMap(({ route, parent, number }) => {
      const distance = distanceOf(set, route, from.namespace);
      const names = sniOf(route, host);
      const match: RequestMatch = {
        ...(parent.port === undefined ? {} : { port: parent.port }),
        ...(protocol === 'tls' && names.length > 0 ? { sniHosts: names } : {}),
      };
      const rules = connectionRules(set, route, { from, protocol, match });
      return distance === undefined || rules.length === 0
        ? []
        : [
            {
              route,
              name: `${madeName(route)}${protocol}~${number}`,
              distance,
              rules,
            },
          ];
    });
}

/** A reference of a route to a host of the mesh, with the number that istiod gives what it makes of it. */
interface NumberedParent {
  route: KubeObject;
  parent: ParentReference;
  number: number;
}

function parentsByHost(
  set: MeshObjects,
  protocol: string,
): ReadonlyMap<string, readonly NumberedParent[]> {
  const byHost = new Map<string, NumberedParent[]>();
  const carried = protocol as keyof typeof CONNECTION_ROUTES;
  for (const route of set.all(CONNECTION_ROUTES[carried])) {
    const parents = numberedParents(set, route, carried);
    for (const { parent, hosts, number } of parents) {
      for (const host of new Set(hosts)) {
        const known = byHost.get(host) ?? [];
        byHost.set(host, known);
        known.push({ route, parent, number: number + hosts.indexOf(host) });
      }
    }
  }
  return byHost;
}

/**
 * The parents of a route in the mesh, each with the number of its first host. istiod numbers what it makes of a route: first for its
 * gateways, as far as their names come before the word `mesh`, then for these. Source: same.
 */
function numberedParents(
  set: MeshObjects,
  route: KubeObject,
  protocol: keyof typeof CONNECTION_ROUTES,
): { parent: ParentReference; hosts: string[]; number: number }[] {
  const parents = parentsOf(route);
  let number = 0;
  for (const parent of parents) {
    const { group, kind, namespace, name } = parent;
    const isBefore = compareTexts(`${namespace}/`, MESH) < 0;
    if (group === GATEWAY_API && kind === 'Gateway' && isBefore) {
      const attached = listenersOf(set, namespace, name).filter(
        listener => !whyNotAttached(set, route, parent, listener),
      );
      number +=
        protocol === 'tcp'
          ? attached.length
          : attached.flatMap(listener => hostnamesAt(route, listener)).length;
    }
  }
  return parents.map(parent => {
    const hosts = hostsOfParent(set, parent);
    const own = { parent, hosts, number };
    number += hosts.length;
    return own;
  });
}

/** The rules of a TLSRoute or TCPRoute; none of one that is written wrongly, or that has nobody to send to. */
export function connectionRules(
  set: MeshObjects,
  route: KubeObject,
  asked: {
    from: RequestOrigin;
    protocol: keyof typeof CONNECTION_ROUTES;
    match: RequestMatch;
  },
): RouteRule[] {
  const { from, protocol, match } = asked;
  const rules: RouteRule[] = [];
  for (const [position, rule] of itemsOf(route.spec?.rules).entries()) {
    const destinations = isMap(rule) ? backendsOf(set, route, rule, from) : [];
    if (isInvalid(destinations)) {
      return [];
    }
    // Istio forgets the names of a TLSRoute’s rule whose backends all weigh nothing.
    if (destinations.length > 0 || protocol === 'tcp') {
      rules.push({
        index: 0,
        protocol,
        matches: [match],
        destinations: destinations.length > 0 ? destinations : [NOBODY],
        mirrors: [],
        source: { object: refOf(route), at: ['spec', 'rules', position] },
      });
    }
  }
  return rules;
}

function isForPort(parent: ParentReference, port: number | undefined): boolean {
  return (
    parent.port === undefined || port === undefined || parent.port === port
  );
}

/**
 * The names of a route in greetings: its own, else that of its parent. Of several only those count that the parent’s host covers, and
 * where none is left, any name will do. Source: conversion.go, compatibleRoutesForHost.
 */
function sniOf(route: KubeObject, host: string): string[] {
  const names = textsOf(route.spec?.hostnames);
  if (names.length < 2) {
    return names.length > 0 ? names : [host];
  }
  return names.filter(name => commonHost(name, host) !== undefined);
}
