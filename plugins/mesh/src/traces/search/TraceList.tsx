import { Link } from '@backstage/ui';
import { useLocation } from 'react-router-dom';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { Name } from '../../view/table/Name';
import { ScrollTable } from '../../view/table/ScrollTable';
import { StatusMark } from '../../view/verdict/StatusMark';
import { useNow } from '../../view/useNow';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../TracesTab.module.css';

function Outcome(props: { trace: TraceSummary }) {
  const { outcome, status } = props.trace;
  const { t } = useMeshTranslation();
  const code = status === undefined ? '' : ` ${status}`;
  return (
    <StatusMark level={outcome === 'ok' ? 'ok' : 'error'} size={14}>
      {t(`traces.${outcome}`)}
      {code}
    </StatusMark>
  );
}

function TraceRow(props: {
  trace: TraceSummary;
  time: string;
  href: string;
  isChosen: boolean;
  mayChoose: boolean;
  onChoose: (traceId: string, isChosen: boolean) => void;
}) {
  const { trace, time, href, isChosen, mayChoose, onChoose } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          className={styles.choose}
          aria-label={t('compare.choose', {
            operation: trace.operation,
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
          <Name>{trace.operation}</Name>
        </Link>
      </th>
      <td className={styles.number}>{format.ms(trace.durationMs)}</td>
      <td className={styles.number}>{format.number(trace.spans)}</td>
      <td className={styles.services}>
        <Name>{trace.services.join(', ')}</Name>
      </td>
      <td className={styles.nowrap}>
        <Outcome trace={trace} />
      </td>
    </tr>
  );
}

/** The traces found, newest first as they came. */
export function TraceList(props: {
  traces: TraceSummary[];
  /** Ids of those to be compared. */
  chosen: string[];
  onChoose: (traceId: string, isChosen: boolean) => void;
}) {
  const { traces, chosen, onChoose } = props;
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
          <th scope="col">{t('traces.operation')}</th>
          <th scope="col" className={styles.number}>
            {t('traces.duration')}
          </th>
          <th scope="col" className={styles.number}>
            {t('traces.spans')}
          </th>
          <th scope="col">{t('traces.services')}</th>
          <th scope="col">{t('traces.outcome')}</th>
        </tr>
      }
    >
      {traces.map(trace => (
        <TraceRow
          key={trace.traceId}
          trace={trace}
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
