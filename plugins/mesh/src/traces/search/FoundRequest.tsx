import {
  failureCode,
  partyWords,
  type TraceSummary,
} from '@meshdeck/plugin-mesh-common';
import { Name } from '../../view/table/Name';
import { requestWords } from '../requestWords';
import styles from '../TracesTab.module.css';

/** `POST /api/deals → inventory-service [canary] 503 UH ×9`: what was asked, and where it failed or else spent most time. */
export function FoundRequest(props: { of: TraceSummary; namespace: string }) {
  const { of: trace, namespace } = props;
  const { failure, slowest } = trace;
  const party = failure ?? slowest;
  const code = failure && failureCode(failure);
  return (
    <>
      <Name>{requestWords(trace, namespace)}</Name>
      {party && ` → ${partyWords(party, namespace)}`}
      {code && (
        <>
          {' '}
          <strong className={styles.code}>{code}</strong>
        </>
      )}
      {failure && failure.times > 1 && ` ×${failure.times}`}
    </>
  );
}
