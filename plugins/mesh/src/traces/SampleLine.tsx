import type { Verdict } from '@meshdeck/plugin-mesh-common';
import { StatusMark } from '../view/verdict/StatusMark';
import styles from './TracesTab.module.css';

/** What the traces are a sample of. That none of a few seconds failed does not make the service all right. */
export function SampleLine(props: { of: Verdict }) {
  const { level, sentence } = props.of;
  return (
    <div role="status" className={styles.sample}>
      <StatusMark level={level === 'ok' ? 'info' : level}>
        {sentence}
      </StatusMark>
    </div>
  );
}
