import { Link } from '@backstage/ui';
import { useLocation } from 'react-router-dom';
import type { TraceSummary } from '@meshdeck/plugin-mesh-common';
import { formatMoment, formatMs } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { StatusMark } from '../frame/StatusMark';
import { useNow } from '../frame/useNow';
import styles from './TracesTab.module.css';

function Outcome(props: { trace: TraceSummary }) {
  const { outcome, status } = props.trace;
  const code = status === undefined ? '' : ` ${status}`;
  return (
    <StatusMark level={outcome === 'ok' ? 'ok' : 'error'} size={14}>
      {outcome}
      {code}
    </StatusMark>
  );
}

/** The traces found, newest first as they came. */
export function TraceList(props: { traces: TraceSummary[] }) {
  const { pathname, search } = useLocation();
  const now = useNow(60_000);

  const linkTo = (traceId: string) => {
    const params = new URLSearchParams(search);
    params.set('trace', traceId);
    return `${pathname}?${params}`;
  };

  return (
    <ScrollTable
      label="Traces found"
      head={
        <tr>
          <th scope="col">Start</th>
          <th scope="col">Operation</th>
          <th scope="col" className={styles.number}>
            Duration
          </th>
          <th scope="col" className={styles.number}>
            Spans
          </th>
          <th scope="col">Services</th>
          <th scope="col">Outcome</th>
        </tr>
      }
    >
      {props.traces.map(trace => (
        <tr key={trace.traceId}>
          <td className={styles.nowrap}>{formatMoment(trace.start, now)}</td>
          <th scope="row" className={styles.operationCell}>
            <Link href={linkTo(trace.traceId)}>{trace.operation}</Link>
          </th>
          <td className={styles.number}>{formatMs(trace.durationMs)}</td>
          <td className={styles.number}>{trace.spans}</td>
          <td className={styles.services}>{trace.services.join(', ')}</td>
          <td className={styles.nowrap}>
            <Outcome trace={trace} />
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}
