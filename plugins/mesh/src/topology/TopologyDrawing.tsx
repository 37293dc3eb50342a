import { memo } from 'react';
import {
  RiBox3Line,
  RiDoorOpenLine,
  RiGlobalLine,
  RiLockFill,
  RiLockUnlockLine,
  RiQuestionLine,
  RiServerLine,
  RiStackLine,
} from '@remixicon/react';
import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import {
  MOST_VERSIONS,
  type PlacedEdge,
  type TopologyLayout,
} from './layoutTopology';
import {
  LABEL_WIDTH,
  NODE_HEAD,
  NODE_WIDTH,
  VERSION_HEIGHT,
  type PlacedNode,
} from './placeColumns';
import {
  isFailing,
  isNotable,
  shortened,
  type TopologyWords,
} from './useTopologyWords';
import styles from './TopologyGraph.module.css';

const ICONS: Record<TopologyNode['kind'], typeof RiBox3Line> = {
  service: RiServerLine,
  workload: RiBox3Line,
  gateway: RiDoorOpenLine,
  unknown: RiQuestionLine,
  external: RiGlobalLine,
  more: RiStackLine,
};

const Node = memo(
  (props: {
    placed: PlacedNode;
    words: TopologyWords;
    /** Under its name. */
    subtitle: string;
    onOpen: (id: string) => void;
  }) => {
    const { placed, words, subtitle, onOpen } = props;
    const { node, x, y, height } = placed;
    const Icon = ICONS[node.kind];
    const shown = node.versions.slice(0, MOST_VERSIONS);
    const more = node.versions.length - shown.length;
    return (
      <g
        className={[
          styles.node,
          node.isSubject && styles.subject,
          node.versions.some(isFailing) && styles.failingNode,
        ]
          .filter(Boolean)
          .join(' ')}
        transform={`translate(${x},${y})`}
        onClick={() => onOpen(node.id)}
      >
        <title>{`${node.name}: ${subtitle}`}</title>
        <rect
          className={styles.box}
          width={NODE_WIDTH}
          height={height}
          rx="6"
        />
        <Icon x={10} y={10} size={16} className={styles.icon} />
        <text className={styles.name} x={32} y={22}>
          {shortened(node.name, 27)}
        </text>
        <text className={styles.quiet} x={32} y={38}>
          {shortened(subtitle, 36)}
        </text>
        {shown.map((version, index) => (
          <g
            key={version.version}
            className={isFailing(version) ? styles.failingVersion : undefined}
            transform={`translate(0,${NODE_HEAD + index * VERSION_HEIGHT})`}
          >
            <line className={styles.rule} x1={10} x2={NODE_WIDTH - 10} />
            <text className={styles.version} x={10} y={14}>
              {shortened(version.version, 11)}
            </text>
            <text
              className={styles.quiet}
              x={NODE_WIDTH - 10}
              y={14}
              textAnchor="end"
            >
              {index === shown.length - 1 && more > 0
                ? words.moreVersions(more)
                : words.drawnVersion(version)}
            </text>
          </g>
        ))}
      </g>
    );
  },
);

const Edge = memo((props: { placed: PlacedEdge }) => {
  const { edge, path } = props.placed;
  const state = [
    styles.edge,
    isNotable(edge) && styles.failing,
    edge.mtls === 'yes' ? '' : styles.plain,
  ];
  return (
    <path
      className={state.filter(Boolean).join(' ')}
      d={path}
      markerEnd={`url(#mesh-arrow${isNotable(edge) ? '-failing' : ''})`}
    />
  );
});

const EdgeLabel = memo(
  (props: { placed: PlacedEdge; words: TopologyWords }) => {
    const { words } = props;
    const { edge, label } = props.placed;
    const [above, below] = words.lines(edge);
    const Lock = edge.mtls === 'yes' ? RiLockFill : RiLockUnlockLine;
    return (
      <g transform={`translate(${label.x},${label.y})`}>
        <text
          className={isNotable(edge) ? styles.failingWords : styles.words}
          y={-5}
        >
          {above}
        </text>
        <text className={styles.words} y={14}>
          {below}
        </text>
        <Lock
          x={LABEL_WIDTH - 76}
          y={4}
          size={12}
          className={edge.mtls === 'yes' ? styles.locked : styles.unlocked}
        />
        <text
          className={edge.mtls === 'yes' ? styles.words : styles.plainWords}
          x={LABEL_WIDTH - 61}
          y={14}
        >
          {words.mtls(edge)}
        </text>
      </g>
    );
  },
);

/** Drawn once, however often the window over it moves. */
export const TopologyDrawing = memo(
  (props: {
    layout: TopologyLayout;
    words: TopologyWords;
    withWords: boolean;
    titleOf: (entityRef: string) => string;
    onOpen: (id: string) => void;
  }) => {
    const { layout, words, withWords, titleOf, onOpen } = props;
    const keyOf = ({ from, to, protocol }: TopologyEdge) =>
      `${from} ${to} ${protocol}`;
    return (
      <>
        {layout.edges.map(placed => (
          <Edge key={keyOf(placed.edge)} placed={placed} />
        ))}
        {layout.nodes.map(placed => (
          <Node
            key={placed.node.id}
            placed={placed}
            words={words}
            subtitle={words.subtitle(placed.node, titleOf)}
            onOpen={onOpen}
          />
        ))}
        {withWords &&
          layout.edges.map(placed => (
            <EdgeLabel key={keyOf(placed.edge)} placed={placed} words={words} />
          ))}
      </>
    );
  },
);
