import { useMemo, useRef } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { RiAddLine, RiFullscreenLine, RiSubtractLine } from '@remixicon/react';
import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { useEntityTitles } from '../view/useEntityTitles';
import { useWidth } from '../view/charts/useWidth';
import { layoutTopology, type TopologyLayout } from './layoutTopology';
import { NODE_WIDTH } from './placeColumns';
import { TopologyDrawing } from './TopologyDrawing';
import { centred, fit, usePanZoom, type Pose } from './usePanZoom';
import { useTopologyWords } from './useTopologyWords';
import styles from './TopologyGraph.module.css';

/** Smaller than this nobody reads words on lines. */
const LEGIBLE_SCALE = 0.5;
/** Where all would be smaller than this, the page opens near the service instead. */
const LEAST_OPENING_SCALE = 0.55;
const NEAR_SCALE = 0.9;
const LOWEST = 240;
/** Around the service, where not all is shown. */
const NEAR_HEIGHT = 480;
const HIGHEST = 720;

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

/** What the page opens with: all of it, or the service and what is near where all would be too small to read. */
function opening(layout: TopologyLayout, width: number) {
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
  if (all.scale >= LEAST_OPENING_SCALE || !subject) {
    return { box, all, home: all };
  }
  const middle = {
    x: subject.x + NODE_WIDTH / 2,
    y: subject.y + subject.height / 2,
  };
  const near = { width, height: Math.max(height, NEAR_HEIGHT) };
  return {
    box: near,
    all: fit(layout, near),
    home: centred(middle, NEAR_SCALE, near),
  };
}

function Controls(props: {
  onZoomIn: () => void;
  onZoomOut: () => void;
  onShowAll: () => void;
}) {
  const { t } = useMeshTranslation();
  const buttons = [
    {
      label: t('graph.zoomIn'),
      icon: <RiAddLine />,
      onPress: props.onZoomIn,
    },
    {
      label: t('graph.zoomOut'),
      icon: <RiSubtractLine />,
      onPress: props.onZoomOut,
    },
    {
      label: t('graph.showAll'),
      icon: <RiFullscreenLine />,
      onPress: props.onShowAll,
    },
  ];
  return (
    <div className={styles.controls}>
      {buttons.map(({ label, icon, onPress }) => (
        <ButtonIcon
          key={label}
          size="small"
          variant="secondary"
          aria-label={label}
          icon={icon}
          onPress={onPress}
        />
      ))}
    </div>
  );
}

/** What the lines mean. */
function Key() {
  const { t } = useMeshTranslation();
  const lines = [
    { className: styles.edge, words: t('edge.mtlsYes') },
    { className: `${styles.edge} ${styles.plain}`, words: t('graph.notMtls') },
    {
      className: `${styles.edge} ${styles.failing}`,
      words: t('graph.failing'),
    },
  ];
  return (
    <ul className={styles.key} aria-hidden>
      {lines.map(({ className, words }) => (
        <li key={words}>
          <svg width="28" height="8">
            <path className={className} d="M0,4 H28" />
          </svg>
          {words}
        </li>
      ))}
      <li>{t('graph.hint')}</li>
    </ul>
  );
}

function Drawing(props: {
  layout: TopologyLayout;
  box: { width: number; height: number };
  pose: Pose;
  label: string;
  onOpen: (id: string) => void;
}) {
  const { layout, box, pose, label, onOpen } = props;
  const words = useTopologyWords();
  const titleOf = useEntityTitles(
    layout.nodes.flatMap(({ node }) => node.owner ?? []),
  );
  return (
    <svg className={styles.drawing} {...box} role="img" aria-label={label}>
      <defs>
        <Arrow id="mesh-arrow" className={styles.arrow} />
        <Arrow id="mesh-arrow-failing" className={styles.arrowFailing} />
      </defs>
      <g transform={`translate(${pose.x},${pose.y}) scale(${pose.scale})`}>
        <TopologyDrawing
          layout={layout}
          words={words}
          titleOf={titleOf}
          withWords={pose.scale >= LEGIBLE_SCALE}
          onOpen={onOpen}
        />
      </g>
    </svg>
  );
}

/** Who calls whom, from left to right. Whoever cannot see or point reads the tables below: they say the same. */
export function TopologyGraph(props: {
  nodes: TopologyNode[];
  edges: TopologyEdge[];
  onOpen: (id: string) => void;
}) {
  const { nodes, edges, onOpen } = props;
  const { t } = useMeshTranslation();
  const [frame, width] = useWidth(960);
  const area = useRef<HTMLDivElement>(null);
  const layout = useMemo(
    () => layoutTopology({ nodes, edges }, { width, height: HIGHEST }),
    [nodes, edges, width],
  );
  const { box, all, home } = opening(layout, width);
  const { pose, zoomIn, zoomOut, show, handlers } = usePanZoom(area, box, home);

  return (
    <div ref={frame} className={styles.frame}>
      <div
        ref={area}
        className={styles.area}
        style={{ height: box.height }}
        // It takes the arrow keys for itself, so screen readers must let them through.
        role="application"
        // The keyboard moves what is behind this window.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={t('graph.label')}
        {...handlers}
      >
        <Drawing
          layout={layout}
          box={box}
          pose={pose}
          label={t('topology.drawing', {
            nodes: t('topology.nodes', { count: nodes.length }),
            edges: t('topology.edges', { count: edges.length }),
          })}
          onOpen={onOpen}
        />
      </div>
      <div className={styles.foot}>
        <Key />
        <Controls
          onZoomIn={zoomIn}
          onZoomOut={zoomOut}
          onShowAll={() => show(all)}
        />
      </div>
    </div>
  );
}
