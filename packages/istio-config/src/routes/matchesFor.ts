import type { KubeObject } from '../kube/KubeObject';
import { isMap, itemsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { RequestMatch, RequestOrigin } from './types';
import { qualifyGateways } from './virtualServices';

/**
 * The matches of a VirtualService's rule that can hold for this origin; undefined where none can, an empty list where
 * everything does.
 */
export function matchesFor(
  rule: any,
  owner: KubeObject,
  context: { from: RequestOrigin; port?: number },
): RequestMatch[] | undefined {
  const listed = itemsOf(rule?.match);
  if (listed.length === 0) {
    return [];
  }
  const possible = listed.filter(isMap).filter(match => {
    const isOtherPort =
      context.port !== undefined &&
      match.port !== undefined &&
      match.port !== context.port;
    return !isOtherPort && canHold(match, owner, context.from);
  });
  return possible.length > 0 ? possible : undefined;
}

function canHold(
  match: Record<string, any>,
  owner: KubeObject,
  from: RequestOrigin,
): boolean {
  const gateways = qualifyGateways(match.gateways, owner);
  const gateway = from.type === 'mesh' ? 'mesh' : from.gateway;
  if (gateways && !gateways.includes(gateway)) {
    return false;
  }
  if (from.type === 'gateway') {
    return !match.sourceLabels && !match.sourceNamespace;
  }
  return (
    (!match.sourceNamespace || match.sourceNamespace === from.namespace) &&
    (!match.sourceLabels ||
      from.labels === undefined ||
      selects(match.sourceLabels, from.labels))
  );
}
