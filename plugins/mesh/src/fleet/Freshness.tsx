import { ButtonIcon, Tooltip, TooltipTrigger } from '@backstage/ui';
import { RiRefreshLine } from '@remixicon/react';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { formatClock } from '../format';
import frame from '../frame/frame.module.css';
import { viewTime } from '../frame/WhereBar';

/** How fresh the page is, and the button that asks again. */
export function Freshness(props: {
  answeredAt: number | undefined;
  sources: SourceStatus[];
  onRefresh: () => void;
}) {
  const time = viewTime(props.sources, props.answeredAt);
  return (
    <div className={frame.asOf}>
      <span>
        {time === undefined ? 'loading' : `as of ${formatClock(time)}`}
      </span>
      <TooltipTrigger>
        <ButtonIcon
          aria-label="Refresh"
          variant="secondary"
          icon={<RiRefreshLine />}
          onPress={props.onRefresh}
        />
        <Tooltip>Refreshes by itself every 5 seconds</Tooltip>
      </TooltipTrigger>
    </div>
  );
}
