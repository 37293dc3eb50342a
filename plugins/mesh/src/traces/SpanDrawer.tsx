import type { TraceSpan } from '@meshdeck/plugin-mesh-common';
import { formatMs } from '../format';
import { DetailDrawer } from '../frame/DetailDrawer';
import { ScrollTable } from '../frame/ScrollTable';
import { StatusMark } from '../frame/StatusMark';
import styles from './TracesTab.module.css';

/** One span with all its tags. */
export function SpanDrawer(props: {
  span: TraceSpan | undefined;
  onClose: () => void;
}) {
  const { span, onClose } = props;
  return (
    <DetailDrawer
      title={span ? `${span.service}: ${span.operation}` : ''}
      open={span !== undefined}
      onClose={onClose}
    >
      {span && (
        <>
          <div className={styles.facts}>
            <span>starts at {formatMs(span.startMs)}</span>
            <span>takes {formatMs(span.durationMs)}</span>
            <StatusMark level={span.error ? 'error' : 'ok'}>
              {span.error ? 'error' : 'ok'}
            </StatusMark>
            {span.critical && <strong>on the critical path</strong>}
          </div>
          <ScrollTable
            label="Tags"
            head={
              <tr>
                <th scope="col">Tag</th>
                <th scope="col">Value</th>
              </tr>
            }
          >
            {Object.entries(span.tags).map(([key, value]) => (
              <tr key={key}>
                <th scope="row" className={styles.mono}>
                  {key}
                </th>
                <td className={styles.mono}>{value}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">span id</th>
              <td className={styles.mono}>{span.spanId}</td>
            </tr>
          </ScrollTable>
        </>
      )}
    </DetailDrawer>
  );
}
