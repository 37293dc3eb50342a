import { useMemo } from 'react';
import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import { UNKNOWN, type Format } from '../format';
import { useFormat } from '../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';

type Version = TopologyNode['versions'][number];

/** From this share of errors on, an edge is marked. */
const NOTABLE_ERROR_SHARE = 0.01;

const MTLS = {
  yes: 'edge.mtlsYes',
  no: 'edge.mtlsNo',
  partly: 'edge.mtlsPartly',
  unknown: 'words.unknown',
} as const;

export function isNotable({ errorShare }: { errorShare?: number }): boolean {
  return errorShare !== undefined && errorShare >= NOTABLE_ERROR_SHARE;
}

/** A version that answers with errors, or of which no pod answers. */
export function isFailing(version: Version): boolean {
  return isNotable(version) || (version.pods > 0 && version.readyPods === 0);
}

/** Cut where it would leave its box. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** What the graph and its tables say of nodes and edges. */
export interface TopologyWords {
  kind(node: TopologyNode): string;
  /** Undefined where that cannot be said of such a node. */
  dataPlane(node: TopologyNode): string | undefined;
  /** Under the name of a node; `titleOf` says what its owner is called. */
  subtitle(node: TopologyNode, titleOf: (entityRef: string) => string): string;
  version(version: Version): string;
  /** As much of it as there is room for in a node. */
  drawnVersion(version: Version): string;
  moreVersions(count: number): string;
  mtls(edge: TopologyEdge): string;
  /** `84 req/s`; for TCP `2 conn/s · 1.2 kB/s`. */
  rate(edge: TopologyEdge): string;
  /** TCP has no errors. */
  errors(edge: TopologyEdge): string;
  /** The two lines on an edge. */
  lines(edge: TopologyEdge): [string, string];
}

const joined = (parts: (string | false | undefined)[]) =>
  parts.filter(Boolean).join(' · ');

type NodeWords = Pick<TopologyWords, 'kind' | 'dataPlane' | 'subtitle'>;
type VersionWords = Pick<
  TopologyWords,
  'version' | 'drawnVersion' | 'moreVersions'
>;
type EdgeWords = Pick<TopologyWords, 'mtls' | 'rate' | 'errors' | 'lines'>;

function nodeWords(t: Translate): NodeWords {
  const dataPlane = ({ dataPlane: plane }: TopologyNode) =>
    plane && t(`dataPlanes.${plane}`);
  const kind = (node: TopologyNode) => t(`kinds.${node.kind}`);
  return {
    kind,
    dataPlane,
    subtitle: (node, titleOf) =>
      joined([
        node.kind === 'service' ? node.namespace : kind(node),
        node.dataPlane === 'none' && dataPlane(node),
        node.owner && titleOf(node.owner),
      ]),
  };
}

function versionWords(t: Translate, format: Format): VersionWords {
  const pods = ({ pods: count, readyPods }: Version) =>
    count === readyPods
      ? t('words.podsReady', { count })
      : t('words.podsOfReady', { count, ready: format.number(readyPods) });
  const rateOf = ({ requestsPerSecond }: Version) =>
    requestsPerSecond !== undefined && format.rate(requestsPerSecond);
  return {
    version: version =>
      joined([
        pods(version),
        rateOf(version),
        version.errorShare !== undefined &&
          t('edge.errors', { share: format.share(version.errorShare) }),
      ]),
    drawnVersion: version =>
      joined([
        version.pods === version.readyPods
          ? pods(version)
          : t('edge.podsReady', {
              ready: String(version.readyPods),
              pods: String(version.pods),
            }),
        rateOf(version),
        isNotable(version)
          ? `⚠ ${format.share(version.errorShare)}`
          : isFailing(version) && '⚠',
      ]),
    moreVersions: count => t('graph.moreVersions', { number: String(count) }),
  };
}

function edgeWords(t: Translate, format: Format): EdgeWords {
  const rate = (edge: TopologyEdge) =>
    edge.protocol === 'http'
      ? format.rate(edge.requestsPerSecond)
      : `${format.connections(edge.connectionsPerSecond)} · ${format.bytes(
          edge.bytesPerSecond,
        )}`;
  const errors = (edge: TopologyEdge) =>
    `${isNotable(edge) ? '⚠ ' : ''}${t('edge.errors', {
      share: format.share(edge.errorShare),
    })}`;
  return {
    mtls: edge => t(MTLS[edge.mtls]),
    rate,
    errors: ({ protocol, errorShare }) =>
      protocol === 'tcp' ? UNKNOWN : format.share(errorShare),
    lines: edge =>
      edge.protocol === 'tcp'
        ? [rate(edge), 'TCP']
        : [
            joined([rate(edge), errors(edge)]),
            t('words.p99', { duration: format.ms(edge.p99Ms) }),
          ],
  };
}

/** The same as long as the language is the same, so that what is drawn with it stays as it is. */
export function useTopologyWords(): TopologyWords {
  const { t } = useMeshTranslation();
  const format = useFormat();
  return useMemo(
    () => ({
      ...nodeWords(t),
      ...versionWords(t, format),
      ...edgeWords(t, format),
    }),
    [t, format],
  );
}
