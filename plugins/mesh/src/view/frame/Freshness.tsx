import { ButtonIcon, Tooltip, TooltipTrigger } from '@backstage/ui';
import { RiRefreshLine } from '@remixicon/react';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from './frame.module.css';

/** The moment the newest part of a view was true. */
function viewTime(
  sources: SourceStatus[],
  viewedAt: number | undefined,
): number | undefined {
  const times = sources.flatMap(({ asOf }) => (asOf ? [Date.parse(asOf)] : []));
  return times.length ? Math.max(...times) : viewedAt;
}

/** How fresh a page is, and the button that asks again. */
export function Freshness(props: {
  sources: SourceStatus[];
  viewedAt: number | undefined;
  failed: boolean;
  onRefresh: () => void;
}) {
  const { sources, viewedAt, failed, onRefresh } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const time = viewTime(sources, viewedAt);
  const without = failed ? t('where.notLoaded') : t('where.beingLoaded');
  return (
    <div className={styles.asOf}>
      <span>
        {time === undefined
          ? without
          : t('where.asOf', { time: format.clock(time) })}
      </span>
      <TooltipTrigger>
        <ButtonIcon
          aria-label={t('where.refresh')}
          variant="secondary"
          icon={<RiRefreshLine />}
          onPress={onRefresh}
        />
        <Tooltip>{t('where.refreshes')}</Tooltip>
      </TooltipTrigger>
    </div>
  );
}
