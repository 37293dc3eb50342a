import { ButtonIcon, Select, Tooltip, TooltipTrigger } from '@backstage/ui';
import { RiRefreshLine } from '@remixicon/react';
import {
  TIME_WINDOWS,
  type SourceStatus,
  type TimeWindow,
} from '@meshdeck/plugin-mesh-common';
import { formatClock } from '../format';
import type { MeshView } from './useMeshView';
import styles from './frame.module.css';

const WINDOW_TITLES: Record<TimeWindow, string> = {
  '1m': 'Last minute',
  '5m': 'Last 5 min',
  '15m': 'Last 15 min',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
};

/** The moment the newest part of a view was true. */
export function viewTime(
  sources: SourceStatus[],
  viewedAt: number | undefined,
): number | undefined {
  const times = sources.flatMap(({ asOf }) => (asOf ? [Date.parse(asOf)] : []));
  return times.length ? Math.max(...times) : viewedAt;
}

function freshness(time: number | undefined, error: Error | undefined): string {
  if (time !== undefined) return `as of ${formatClock(time)}`;
  return error ? 'not loaded' : 'loading';
}

/** Where and when: placement, time window, how fresh. */
export function WhereBar(props: {
  view: MeshView<{ sources: SourceStatus[] }>;
  /** The time window is left out where there is no room for it. */
  withoutWindow?: boolean;
}) {
  const { view, withoutWindow } = props;
  const { placements = [], placement } = view;
  const time = viewTime(view.view?.sources ?? [], view.viewedAt);

  return (
    <div className={styles.bar}>
      <Select
        className={styles.placement}
        aria-label="Placement"
        placeholder={view.placements ? undefined : 'Loading…'}
        options={placements.map(({ id, cluster, namespace, service }) => ({
          id,
          label: `${cluster} · ${namespace} · ${service}`,
        }))}
        value={placement?.id ?? ''}
        onChange={id => {
          if (id) view.selectPlacement(String(id));
        }}
        isDisabled={placements.length < 2}
      />
      {!withoutWindow && (
        <Select
          className={styles.window}
          aria-label="Time window"
          options={TIME_WINDOWS.map(window => ({
            id: window,
            label: WINDOW_TITLES[window],
          }))}
          value={view.window}
          onChange={window => {
            const chosen = TIME_WINDOWS.find(known => known === window);
            if (chosen) view.selectWindow(chosen);
          }}
        />
      )}
      <div className={styles.asOf}>
        <span>{freshness(time, view.error)}</span>
        <TooltipTrigger>
          <ButtonIcon
            aria-label="Refresh"
            variant="secondary"
            icon={<RiRefreshLine />}
            onPress={view.refresh}
          />
          <Tooltip>Refreshes by itself every 5 seconds</Tooltip>
        </TooltipTrigger>
      </div>
    </div>
  );
}
