import { memo, useMemo, useRef } from 'react';
import { ButtonIcon } from '@backstage/ui';
import {
  RiAddLine,
  RiBox3Line,
  RiDoorOpenLine,
  RiFullscreenLine,
  RiGlobalLine,
  RiLockFill,
  RiLockUnlockLine,
  RiQuestionLine,
  RiServerLine,
  RiStackLine,
  RiSubtractLine,
} from '@remixicon/react';
import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import { formatCount } from '../format';
import { useWidth } from '../traces/useWidth';
import {
  LABEL_WIDTH,
  layoutTopology,
  MOST_VERSIONS,
  NODE_HEAD,
  NODE_WIDTH,
  VERSION_HEIGHT,
  type PlacedEdge,
  type PlacedNode,
  type TopologyLayout,
} from './layoutTopology';
import { centred, fit, usePanZoom } from './usePanZoom';
import {
  DATA_PLANE_WORDS,
  edgeLines,
  isNotable,
  KIND_WORDS,
  MTLS_WORDS,
  shortened,
  drawnVersionWords,
} from './words';
import styles from './TopologyGraph.module.css';

/** Smaller than this nobody reads words on lines. */
const LEGIBLE_SCALE = 0.5;
/** Where all would be smaller than this, the page opens near the service instead. */
const LEAST_OPENING_SCALE = 0.55;
const NEAR_SCALE = 0.9;
const LOWEST = 240;
const HIGHEST = 560;

const ICONS: Record<TopologyNode['kind'], typeof RiBox3Line> = {
  service: RiServerLine,
  workload: RiBox3Line,
  gateway: RiDoorOpenLine,
  unknown: RiQuestionLine,
  external: RiGlobalLine,
  more: RiStackLine,
};

function subtitle({ kind, namespace, dataPlane, owner }: TopologyNode): string {
  return [
    kind === 'service' ? namespace : KIND_WORDS[kind],
    dataPlane === 'none' && DATA_PLANE_WORDS.none,
    owner && owner.replace(/^.*\//, ''),
  ]
    .filter(Boolean)
    .join(' · ');
}

const Node = memo(
  (props: { placed: PlacedNode; onOpen: (id: string) => void }) => {
    const { placed, onOpen } = props;
    const { node, x, y, height } = placed;
    const Icon = ICONS[node.kind];
    const shown = node.versions.slice(0, MOST_VERSIONS);
    const more = node.versions.length - shown.length;
    return (
      <g
        className={`${styles.node} ${node.isSubject ? styles.subject : ''}`}
        transform={`translate(${x},${y})`}
        onClick={() => onOpen(node.id)}
      >
        <title>{`${node.name}: ${subtitle(node)}`}</title>
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
          {shortened(subtitle(node), 36)}
        </text>
        {shown.map((version, index) => (
          <g
            key={version.version}
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
                ? `and ${more} more`
                : drawnVersionWords(version)}
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

const EdgeLabel = memo((props: { placed: PlacedEdge }) => {
  const { edge, label } = props.placed;
  const [above, below] = edgeLines(edge);
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
        x={LABEL_WIDTH - 84}
        y={4}
        size={12}
        className={edge.mtls === 'yes' ? styles.locked : styles.unlocked}
      />
      <text
        className={edge.mtls === 'yes' ? styles.words : styles.plainWords}
        x={LABEL_WIDTH - 69}
        y={14}
      >
        {edge.mtls === 'unknown' ? 'not known' : MTLS_WORDS[edge.mtls]}
      </text>
    </g>
  );
});

/** Drawn once, however often the window over it moves. */
const Drawing = memo(
  (props: {
    layout: TopologyLayout;
    withWords: boolean;
    onOpen: (id: string) => void;
  }) => {
    const { layout, withWords, onOpen } = props;
    const keyOf = ({ from, to, protocol }: TopologyEdge) =>
      `${from} ${to} ${protocol}`;
    return (
      <>
        {layout.edges.map(placed => (
          <Edge key={keyOf(placed.edge)} placed={placed} />
        ))}
        {layout.nodes.map(placed => (
          <Node key={placed.node.id} placed={placed} onOpen={onOpen} />
        ))}
        {withWords &&
          layout.edges.map(placed => (
            <EdgeLabel key={keyOf(placed.edge)} placed={placed} />
          ))}
      </>
    );
  },
);

function Arrow(props: { id: string; className: string }) {
  return (
    <marker
      id={props.id}
      viewBox="0 0 8 8"
      refX="8"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path className={props.className} d="M0,0 L8,4 L0,8 Z" />
    </marker>
  );
}

/** Who calls whom, from left to right. Whoever cannot see or point reads the tables below: they say the same. */
export function TopologyGraph(props: {
  nodes: TopologyNode[];
  edges: TopologyEdge[];
  onOpen: (id: string) => void;
}) {
  const { nodes, edges, onOpen } = props;
  const [frame, width] = useWidth(960);
  const area = useRef<HTMLDivElement>(null);
  const layout = useMemo(
    () => layoutTopology({ nodes, edges }),
    [nodes, edges],
  );
  const height = Math.round(
    Math.min(
      HIGHEST,
      Math.max(
        LOWEST,
        layout.height *
          Math.min(1, Math.max(LEAST_OPENING_SCALE, width / layout.width)),
      ),
    ),
  );
  const box = { width, height };
  const all = fit(layout, box);
  const subject = layout.nodes.find(({ node }) => node.isSubject);
  const home =
    all.scale >= LEAST_OPENING_SCALE || !subject
      ? all
      : centred(
          {
            x: subject.x + NODE_WIDTH / 2,
            y: subject.y + subject.height / 2,
          },
          NEAR_SCALE,
          box,
        );
  const { pose, zoomIn, zoomOut, show, handlers } = usePanZoom(area, box, home);

  return (
    <div ref={frame} className={styles.frame}>
      <div
        ref={area}
        className={styles.area}
        style={{ height }}
        // It takes the arrow keys for itself, so screen readers must let them through.
        role="application"
        // The keyboard moves what is behind this window.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label="Graph of calls. Arrow keys move it, plus and minus zoom, 0 shows the start; the tables below say the same in words."
        {...handlers}
      >
        <svg
          className={styles.drawing}
          width={width}
          height={height}
          role="img"
          aria-label={`${formatCount(nodes.length, 'node')}, ${formatCount(
            edges.length,
            'edge',
          )}`}
        >
          <defs>
            <Arrow id="mesh-arrow" className={styles.arrow} />
            <Arrow id="mesh-arrow-failing" className={styles.arrowFailing} />
          </defs>
          <g transform={`translate(${pose.x},${pose.y}) scale(${pose.scale})`}>
            <Drawing
              layout={layout}
              withWords={pose.scale >= LEGIBLE_SCALE}
              onOpen={onOpen}
            />
          </g>
        </svg>
      </div>
      <div className={styles.controls}>
        <ButtonIcon
          size="small"
          variant="secondary"
          aria-label="Zoom in"
          icon={<RiAddLine />}
          onPress={zoomIn}
        />
        <ButtonIcon
          size="small"
          variant="secondary"
          aria-label="Zoom out"
          icon={<RiSubtractLine />}
          onPress={zoomOut}
        />
        <ButtonIcon
          size="small"
          variant="secondary"
          aria-label="Show all"
          icon={<RiFullscreenLine />}
          onPress={() => show(all)}
        />
      </div>
      <ul className={styles.key} aria-hidden>
        <li>
          <svg width="28" height="8">
            <path className={styles.edge} d="M0,4 H28" />
          </svg>
          mTLS
        </li>
        <li>
          <svg width="28" height="8">
            <path className={`${styles.edge} ${styles.plain}`} d="M0,4 H28" />
          </svg>
          not, or not known to be, mTLS
        </li>
        <li>
          <svg width="28" height="8">
            <path className={`${styles.edge} ${styles.failing}`} d="M0,4 H28" />
          </svg>
          ⚠ 1 % errors or more
        </li>
        <li>drag to move, Ctrl and wheel to zoom</li>
      </ul>
    </div>
  );
}
