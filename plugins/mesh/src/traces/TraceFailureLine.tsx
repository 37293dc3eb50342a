import {
  failureCode,
  partyWords,
  serviceNameIn,
  spanRequest,
  type TraceFailure,
  type TraceView,
} from '@meshdeck/plugin-mesh-common';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';
import { StatusMark } from '../view/verdict/StatusMark';
import { knownFlags } from './envoyFlags';
import styles from './TracesTab.module.css';

function placeWords(failure: TraceFailure, namespace: string, t: Translate) {
  const where = partyWords(failure, namespace);
  return failure.caller
    ? t('failure.call', {
        caller: serviceNameIn(failure.caller, namespace),
        where,
      })
    : t('failure.service', { where });
}

/** Where and why the trace failed first, in words, and what came of it. */
export function TraceFailureLine(props: {
  trace: TraceView;
  failure: TraceFailure;
  namespace: string;
}) {
  const { trace, failure, namespace } = props;
  const { t } = useMeshTranslation();
  const place = placeWords(failure, namespace, t);
  const code = failureCode(failure);
  const after = trace.spans.filter(({ failed }) => failed === 'because').length;
  const [root] = trace.spans;
  const { status } = spanRequest(root.tags);
  const isMadeGood = !root.error && status !== undefined && status < 500;
  return (
    <div className={styles.gap}>
      <StatusMark level={isMadeGood ? 'warning' : 'error'}>
        {[
          code
            ? t('failure.with', { place, code })
            : t('failure.without', { place }),
          ...knownFlags(failure.flags).map(flag => t(`flags.${flag}`)),
          failure.times > 1 && t('failure.times', { count: failure.times }),
          after > 0 && t('failure.because', { count: after }),
          isMadeGood && t('failure.madeGood', { status: String(status) }),
        ]
          .filter(Boolean)
          .join(' ')}
      </StatusMark>
    </div>
  );
}
