import { isMadeGood, type TraceSummary } from '@meshdeck/plugin-mesh-common';
import { StatusMark } from '../../view/verdict/StatusMark';
import { useMeshTranslation } from '../../translations/useMeshTranslation';

/** What the service answered; an error only where its answer is one. */
export function TraceOutcome(props: { of: TraceSummary }) {
  const { outcome, status } = props.of;
  const { t } = useMeshTranslation();
  const code = status === undefined ? '' : ` ${status}`;
  if (isMadeGood(props.of)) {
    return (
      <StatusMark level="warning" size={14}>
        {t('traces.madeGood', { status: String(status) })}
      </StatusMark>
    );
  }
  if (outcome === 'ok' && status !== undefined && status >= 400) {
    return (
      <StatusMark level="info" size={14}>
        {t('traces.clientError')}
        {code}
      </StatusMark>
    );
  }
  return (
    <StatusMark level={outcome === 'ok' ? 'ok' : 'error'} size={14}>
      {t(`traces.${outcome}`)}
      {code}
    </StatusMark>
  );
}
