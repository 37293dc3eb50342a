import type { MouseEvent } from 'react';
import { Link } from '@backstage/ui';
import { useLocation } from 'react-router-dom';
import { serviceNameIn, type TraceSummary } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { Name } from '../../view/table/Name';
import { ScrollTable } from '../../view/table/ScrollTable';
import { useNow } from '../../view/useNow';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { requestWords } from '../requestWords';
import { FoundRequest } from './FoundRequest';
import { TraceOutcome } from './TraceOutcome';
import styles from '../TracesTab.module.css';

/** A click anywhere in a row is one on its link, so that it opens in a new tab where a person asks for that. */
function followLink(event: MouseEvent<HTMLTableRowElement>) {
  const isOther = (event.target as Element).closest('a, input');
  const isReading = getSelection()?.isCollapsed === false;
  if (isOther || isReading) return;
  const { ctrlKey, metaKey, shiftKey } = event;
  event.currentTarget.querySelector('a')?.dispatchEvent(
    new window.MouseEvent('click', {
      bubbles: true,
      cancelable: true,
      ctrlKey,
      metaKey,
      shiftKey,
    }),
  );
}

function TraceRow(props: {
  trace: TraceSummary;
  namespace: string;
  time: string;
  href: string;
  isChosen: boolean;
  mayChoose: boolean;
  onChoose: (traceId: string, isChosen: boolean) => void;
}) {
  const { trace, namespace, time, href } = props;
  const { isChosen, mayChoose, onChoose } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <tr className={styles.opens} onClick={followLink}>
      <td>
        <input
          type="checkbox"
          className={styles.choose}
          aria-label={t('compare.choose', {
            operation: requestWords(trace, namespace),
            time,
          })}
          checked={isChosen}
          disabled={!mayChoose && !isChosen}
          onChange={event => onChoose(trace.traceId, event.target.checked)}
        />
      </td>
      <td className={styles.nowrap}>{time}</td>
      <th scope="row" className={styles.operationCell}>
        <Link href={href}>
          <FoundRequest of={trace} namespace={namespace} />
        </Link>
      </th>
      <td className={styles.number}>{format.ms(trace.durationMs)}</td>
      <td className={`${styles.number} ${styles.wideOnly}`}>
        {format.number(trace.spans)}
      </td>
      <td className={`${styles.services} ${styles.wideOnly}`}>
        <Name>
          {trace.services
            .map(service => serviceNameIn(service, namespace))
            .join(', ')}
        </Name>
      </td>
      <td className={styles.nowrap}>
        <TraceOutcome of={trace} />
      </td>
    </tr>
  );
}

/** The traces found, newest first as they came. */
export function TraceList(props: {
  traces: TraceSummary[];
  /** Of the page. */
  namespace: string;
  /** Ids of those to be compared. */
  chosen: string[];
  onChoose: (traceId: string, isChosen: boolean) => void;
}) {
  const { traces, namespace, chosen, onChoose } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const { pathname, search } = useLocation();
  const now = useNow(60_000);

  const linkTo = (traceId: string) => {
    const params = new URLSearchParams(search);
    params.set('trace', traceId);
    params.delete('with');
    return `${pathname}?${params}`;
  };

  return (
    <ScrollTable
      label={t('traces.list')}
      head={
        <tr>
          <th scope="col">{t('compare.column')}</th>
          <th scope="col">{t('traces.start')}</th>
          <th scope="col">{t('traces.request')}</th>
          <th scope="col" className={styles.number}>
            {t('traces.duration')}
          </th>
          <th scope="col" className={`${styles.number} ${styles.wideOnly}`}>
            {t('traces.spans')}
          </th>
          <th scope="col" className={styles.wideOnly}>
            {t('traces.services')}
          </th>
          <th scope="col">{t('traces.outcome')}</th>
        </tr>
      }
    >
      {traces.map(trace => (
        <TraceRow
          key={trace.traceId}
          trace={trace}
          namespace={namespace}
          time={format.moment(trace.start, now)}
          href={linkTo(trace.traceId)}
          isChosen={chosen.includes(trace.traceId)}
          mayChoose={chosen.length < 2}
          onChoose={onChoose}
        />
      ))}
    </ScrollTable>
  );
}
