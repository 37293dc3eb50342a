import type { KubeObject } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { RequestMatch } from './types';
import type { Viewer } from './viewerOf';
import { qualifyGateways } from './virtualServices';

/** Seen by which proxy, and through which port where that is known. */
export interface MatchContext {
  viewer: Viewer;
  port?: number;
  /** Rules for TLS and TCP read their matches in another way. */
  protocol?: 'tls' | 'tcp';
}

/**
 * The matches of a VirtualService's rule that can hold at this proxy, without those conditions that it does not look at;
 * undefined where none can hold, an empty list where everything does.
 */
export function matchesFor(
  rule: any,
  owner: KubeObject,
  context: MatchContext,
): RequestMatch[] | undefined {
  const listed = itemsOf(rule?.match);
  if (listed.length === 0) {
    return [];
  }
  const possible = listed.filter(isMap).flatMap(match => {
    const isOtherPort =
      context.port !== undefined && match.port && match.port !== context.port;
    return isOtherPort ? [] : heldBy(match, owner, context);
  });
  return possible.length > 0 ? possible : undefined;
}

/**
 * Of an HTTP match that names gateways the source is not looked at, and of a connection's at a gateway neither.
 * Sources: istio pilot/pkg/networking/core/route/route.go, sourceMatchHTTP; tls.go, matchTLS; gateway.go, l4SingleMatch.
 */
function heldBy(
  match: Record<string, any>,
  owner: KubeObject,
  { viewer, protocol }: MatchContext,
): RequestMatch[] {
  const { sourceLabels, sourceNamespace, ...others } = match;
  const gateways = qualifyGateways(match.gateways, owner);
  if (gateways && !gateways.includes(viewer.gateway)) {
    return [];
  }
  const isAtGateway = viewer.gateway !== 'mesh';
  const looksAtSource = protocol ? !isAtGateway : !gateways;
  if (!looksAtSource) {
    return [others];
  }
  const isFrom =
    (!sourceNamespace || sourceNamespace === viewer.namespace) &&
    (!sourceLabels ||
      (viewer.labels === undefined
        ? !isAtGateway
        : selects(sourceLabels, viewer.labels)));
  return isFrom ? [isAtGateway ? others : match] : [];
}
