import { ButtonIcon, Select, Tooltip, TooltipTrigger } from '@backstage/ui';
import { RiRefreshLine } from '@remixicon/react';
import { TIME_WINDOWS, type SourceStatus } from '@meshdeck/plugin-mesh-common';
import { formatClock } from '../format';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';
import type { MeshView } from './useMeshView';
import styles from './frame.module.css';

/** The moment the newest part of a view was true. */
export function viewTime(
  sources: SourceStatus[],
  viewedAt: number | undefined,
): number | undefined {
  const times = sources.flatMap(({ asOf }) => (asOf ? [Date.parse(asOf)] : []));
  return times.length ? Math.max(...times) : viewedAt;
}

function freshness(
  time: number | undefined,
  error: Error | undefined,
  t: Translate,
): string {
  if (time !== undefined) return t('where.asOf', { time: formatClock(time) });
  return error ? t('where.notLoaded') : t('where.beingLoaded');
}

/** Where and when: placement, time window, how fresh. */
export function WhereBar(props: {
  view: MeshView<{ sources: SourceStatus[] }>;
}) {
  const { view } = props;
  const { placements = [], placement } = view;
  const { t } = useMeshTranslation();
  const time = viewTime(view.view?.sources ?? [], view.viewedAt);

  return (
    <div className={styles.bar}>
      <Select
        className={styles.placement}
        aria-label={t('where.placement')}
        placeholder={view.placements ? undefined : t('where.loading')}
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
      <Select
        className={styles.window}
        aria-label={t('where.window')}
        options={TIME_WINDOWS.map(window => ({
          id: window,
          label: t(`windows.${window}`),
        }))}
        value={view.window}
        onChange={window => {
          const chosen = TIME_WINDOWS.find(known => known === window);
          if (chosen) view.selectWindow(chosen);
        }}
      />
      <div className={styles.asOf}>
        <span>{freshness(time, view.error, t)}</span>
        <TooltipTrigger>
          <ButtonIcon
            aria-label={t('where.refresh')}
            variant="secondary"
            icon={<RiRefreshLine />}
            onPress={view.refresh}
          />
          <Tooltip>{t('where.refreshes')}</Tooltip>
        </TooltipTrigger>
      </div>
    </div>
  );
}
