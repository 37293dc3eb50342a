import type { MeshTab } from '@meshdeck/plugin-mesh-common';

/** What the mesh did with the request of a span, as far as its proxy wrote that down. */
export interface MeshAction {
  /** The host that the rules were asked for; absent where the proxy did not get so far. */
  host?: string;
  subset?: string;
  flags: MeshFlag[];
  /** The policy that refused the request, as Envoy names it. */
  refusedBy?: string;
  isRefused: boolean;
  /** Where such things are set. */
  tab: Extract<MeshTab, 'routes' | 'security'>;
}

/** Envoy's response flags that something in the configuration of the mesh makes. */
const MESH_FLAGS = [
  'DI',
  'FI',
  'NC',
  'NR',
  'RL',
  'UH',
  'UO',
  'URX',
  'UT',
] as const;

export type MeshFlag = (typeof MESH_FLAGS)[number];

const REFUSED = /^rbac_access_denied(?:_matched_policy\[(.*)\])?$/;

/** Reads the tags that Envoy writes: `upstream_cluster`, `response_flags`, `response_code_details`. */
export function meshAction(
  tags: Record<string, string>,
): MeshAction | undefined {
  const cluster = tags['upstream_cluster.name'] ?? tags.upstream_cluster ?? '';
  const [direction, , subset, host] = cluster.split('|');
  const written = (tags.response_flags ?? '').split(',');
  const flags = MESH_FLAGS.filter(flag => written.includes(flag));
  const refusal = REFUSED.exec(tags.response_code_details ?? '');
  const isOutbound = direction === 'outbound' && Boolean(host);
  if (!isOutbound && flags.length === 0 && !refusal) {
    return undefined;
  }
  return {
    host: isOutbound ? host : undefined,
    subset: (isOutbound && subset) || undefined,
    flags,
    refusedBy: refusal?.[1],
    isRefused: refusal !== null,
    tab: refusal ? 'security' : 'routes',
  };
}
