import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import {
  formatCount,
  formatMs,
  formatRate,
  formatShare,
  UNKNOWN,
} from '../format';

/** From this share of errors on, an edge is marked. */
export const NOTABLE_ERROR_SHARE = 0.01;

export const MTLS_WORDS: Record<TopologyEdge['mtls'], string> = {
  yes: 'mTLS',
  no: 'plain',
  partly: 'part mTLS',
  unknown: 'mTLS not known',
};

export const KIND_WORDS: Record<TopologyNode['kind'], string> = {
  service: 'service',
  workload: 'workload without a Service',
  gateway: 'gateway',
  unknown: 'callers whose name no proxy knows',
  external: 'outside the mesh',
  more: 'too many to show',
};

export const DATA_PLANE_WORDS: Record<
  NonNullable<TopologyNode['dataPlane']>,
  string
> = {
  sidecar: 'sidecar',
  ambient: 'ambient',
  mixed: 'partly in the mesh',
  none: 'no proxy',
};

export function isNotable({ errorShare }: { errorShare?: number }): boolean {
  return errorShare !== undefined && errorShare >= NOTABLE_ERROR_SHARE;
}

/** `84 req/s`; for TCP `2 conn/s · 1.2 kB/s`. */
export function rateWords(edge: TopologyEdge): string {
  return edge.protocol === 'http'
    ? formatRate(edge.requestsPerSecond)
    : `${formatRate(edge.connectionsPerSecond).replace(
        'req/s',
        'conn/s',
      )} · ${bytesWords(edge.bytesPerSecond)}`;
}

/** Errors as they stand on an edge; TCP has none. */
export function errorWords({ protocol, errorShare }: TopologyEdge): string {
  return protocol === 'tcp' ? UNKNOWN : formatShare(errorShare);
}

/** The two lines on an edge. */
export function edgeLines(edge: TopologyEdge): [string, string] {
  if (edge.protocol === 'tcp') {
    return [rateWords(edge), 'TCP'];
  }
  const mark = isNotable(edge) ? '⚠ ' : '';
  return [
    `${rateWords(edge)} · ${mark}${formatShare(edge.errorShare)} err`,
    `p99 ${formatMs(edge.p99Ms)}`,
  ];
}

export function versionWords(
  version: TopologyNode['versions'][number],
): string {
  const { pods, readyPods, requestsPerSecond, errorShare } = version;
  return [
    pods === readyPods
      ? formatCount(pods, 'pod')
      : `${readyPods} of ${formatCount(pods, 'pod')} ready`,
    requestsPerSecond !== undefined && formatRate(requestsPerSecond),
    errorShare !== undefined && `${formatShare(errorShare)} err`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** As much of it as there is room for in a node. */
export function drawnVersionWords(
  version: TopologyNode['versions'][number],
): string {
  const { pods, readyPods, requestsPerSecond, errorShare } = version;
  return [
    pods === readyPods
      ? formatCount(pods, 'pod')
      : `${readyPods}/${pods} ready`,
    requestsPerSecond !== undefined && formatRate(requestsPerSecond),
    isNotable(version) && `⚠ ${formatShare(errorShare)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function bytesWords(perSecond: number | undefined): string {
  if (perSecond === undefined) return UNKNOWN;
  const units = ['B/s', 'kB/s', 'MB/s', 'GB/s'];
  let value = perSecond;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString('en-GB', {
    maximumFractionDigits: value < 10 ? 1 : 0,
  })} ${units[unit]}`;
}

/** Cut where it would leave its box. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
