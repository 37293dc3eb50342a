import { useMemo, useRef } from 'react';
import { ButtonIcon } from '@backstage/ui';
import { RiAddLine, RiFullscreenLine, RiSubtractLine } from '@remixicon/react';
import type { TopologyEdge, TopologyNode } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { useWidth } from '../view/charts/useWidth';
import { layoutTopology, NODE_WIDTH } from './layoutTopology';
import { TopologyDrawing } from './TopologyDrawing';
import { centred, fit, usePanZoom } from './usePanZoom';
import { useTopologyWords } from './useTopologyWords';
import styles from './TopologyGraph.module.css';

/** Smaller than this nobody reads words on lines. */
const LEGIBLE_SCALE = 0.5;
/** Where all would be smaller than this, the page opens near the service instead. */
const LEAST_OPENING_SCALE = 0.55;
const NEAR_SCALE = 0.9;
const LOWEST = 240;
const HIGHEST = 560;

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
  const { t } = useMeshTranslation();
  const words = useTopologyWords();
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
        aria-label={t('graph.label')}
        {...handlers}
      >
        <svg
          className={styles.drawing}
          width={width}
          height={height}
          role="img"
          aria-label={t('topology.drawing', {
            nodes: t('topology.nodes', { count: nodes.length }),
            edges: t('topology.edges', { count: edges.length }),
          })}
        >
          <defs>
            <Arrow id="mesh-arrow" className={styles.arrow} />
            <Arrow id="mesh-arrow-failing" className={styles.arrowFailing} />
          </defs>
          <g transform={`translate(${pose.x},${pose.y}) scale(${pose.scale})`}>
            <TopologyDrawing
              layout={layout}
              words={words}
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
          aria-label={t('graph.zoomIn')}
          icon={<RiAddLine />}
          onPress={zoomIn}
        />
        <ButtonIcon
          size="small"
          variant="secondary"
          aria-label={t('graph.zoomOut')}
          icon={<RiSubtractLine />}
          onPress={zoomOut}
        />
        <ButtonIcon
          size="small"
          variant="secondary"
          aria-label={t('graph.showAll')}
          icon={<RiFullscreenLine />}
          onPress={() => show(all)}
        />
      </div>
      <ul className={styles.key} aria-hidden>
        <li>
          <svg width="28" height="8">
            <path className={styles.edge} d="M0,4 H28" />
          </svg>
          {t('edge.mtlsYes')}
        </li>
        <li>
          <svg width="28" height="8">
            <path className={`${styles.edge} ${styles.plain}`} d="M0,4 H28" />
          </svg>
          {t('graph.notMtls')}
        </li>
        <li>
          <svg width="28" height="8">
            <path className={`${styles.edge} ${styles.failing}`} d="M0,4 H28" />
          </svg>
          {t('graph.failing')}
        </li>
        <li>{t('graph.hint')}</li>
      </ul>
    </div>
  );
}
