import type {
  RememberedChange,
  RememberedEnd,
} from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { StatusMark } from '../view/verdict/StatusMark';
import { RequestLink } from './RequestLink';

/** An answer that was heard by then would say that it ended, or that it is late. */
const UNHEARD_MS = 30_000;

function EndState(props: { end: RememberedEnd; now: number }) {
  const { end, now } = props;
  const { at, state, problem } = end;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const time = format.moment(at, now);
  switch (state) {
    case 'waiting': {
      const left = Date.parse(at) - now;
      if (left < -UNHEARD_MS) {
        return (
          <StatusMark level="unknown">
            {t('changes.endUnheard', { time })}
          </StatusMark>
        );
      }
      return (
        <StatusMark level="info">
          {left > 0
            ? t('changes.endsIn', { duration: format.age(left), time })
            : t('changes.endsNow')}
        </StatusMark>
      );
    }
    case 'late':
      return (
        <StatusMark level="error">
          {t('changes.late', { time })}{' '}
          {problem ?? t('changes.lateForNoReason')}
        </StatusMark>
      );
    case 'changed':
      return (
        <StatusMark level="error">{t('changes.seized', { time })}</StatusMark>
      );
    default:
      return <>{t('changes.ended')}</>;
  }
}

/** Something is about to end, or should have. */
export function isEnding({ end }: RememberedChange): boolean {
  return end?.state === 'waiting' || end?.state === 'late';
}

/** What became of a change, and when it ends, where it does. */
export function ChangeState(props: { change: RememberedChange; now: number }) {
  const { change, now } = props;
  const { state, undone, end, request } = change;
  const { t } = useMeshTranslation();
  if (state === 'unsettled') {
    return <StatusMark level="warning">{t('changes.unsettled')}</StatusMark>;
  }
  if (state !== 'written') {
    return (
      <StatusMark level="info">
        {t(`changes.${state}`)}{' '}
        {request && (
          <RequestLink url={request}>{t('request.link')}</RequestLink>
        )}
      </StatusMark>
    );
  }
  if (end) {
    return <EndState end={end} now={now} />;
  }
  return <>{undone ? t('changes.undone') : t('changes.written')}</>;
}
