import {
  isOfProxy,
  responseFlags,
  spanDestination,
  type MeshTab,
} from '@meshdeck/plugin-mesh-common';
import { knownFlags, type EnvoyFlag } from '../envoyFlags';

/** What the mesh did with the request of a span, as far as its proxy wrote that down. */
export interface MeshAction {
  /** The host that the rules were asked for; absent where the proxy did not get so far. */
  host?: string;
  subset?: string;
  /** Where it stood before the application: the port that it handed the request to. */
  inboundPort?: string;
  /** True where no rule knew the destination, and the proxy let the request out as it was. */
  isPassedThrough: boolean;
  flags: EnvoyFlag[];
  /** The policy that refused the request, as Envoy names it. */
  refusedBy?: string;
  isRefused: boolean;
  /** Where such things are set. */
  tab: Extract<MeshTab, 'routes' | 'security'>;
}

const REFUSED = /^rbac_access_denied(?:_matched_policy\[(.*)\])?$/;

/** Reads the tags that Envoy writes: `upstream_cluster`, `response_flags`, `response_code_details`. Undefined for what no proxy wrote. */
export function meshAction(
  tags: Record<string, string>,
): MeshAction | undefined {
  const refusal = REFUSED.exec(tags.response_code_details ?? '');
  const flags = knownFlags(responseFlags(tags));
  if (!isOfProxy(tags) && flags.length === 0 && !refusal) {
    return undefined;
  }
  const cluster = tags['upstream_cluster.name'] ?? tags.upstream_cluster ?? '';
  const [direction, port] = cluster.split('|');
  const destination = spanDestination(tags);
  const isInbound = direction === 'inbound';
  return {
    host: destination?.host,
    subset: destination?.subset,
    inboundPort: isInbound && !refusal ? port : undefined,
    isPassedThrough: cluster === 'PassthroughCluster',
    flags,
    refusedBy: refusal?.[1],
    isRefused: refusal !== null,
    tab: refusal || isInbound ? 'security' : 'routes',
  };
}
