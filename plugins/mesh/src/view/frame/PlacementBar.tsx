import { Select } from '@backstage/ui';
import { TIME_WINDOWS, type SourceStatus } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { Freshness } from './Freshness';
import type { MeshView } from '../fetching/useMeshView';
import styles from './frame.module.css';

/** Where and when: placement, time window, how fresh. */
export function PlacementBar(props: {
  view: MeshView<{ sources: SourceStatus[] }>;
}) {
  const { view } = props;
  const { placements = [], placement } = view;
  const { t } = useMeshTranslation();

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
      <Freshness
        sources={view.view?.sources ?? []}
        viewedAt={view.viewedAt}
        failed={view.error !== undefined}
        onRefresh={view.refresh}
      />
    </div>
  );
}
