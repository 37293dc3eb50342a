import type { OverviewAlert } from '@meshdeck/plugin-mesh-common';
import { StatusMark } from '../view/verdict/StatusMark';
import { useNow } from '../view/useNow';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './MeshOverviewCard.module.css';

/** More are counted, not named. */
const MOST_NAMED = 3;
const MINUTE_MS = 60_000;

function AlertRow(props: { alert: OverviewAlert; now: number }) {
  const { alert, now } = props;
  const { name, state, level, summary, since } = alert;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const fires = since
    ? t('alerts.firesFor', { age: format.age(now - Date.parse(since)) })
    : t('alerts.fires');
  return (
    <li>
      <StatusMark level={state === 'firing' ? level : 'info'} size={14}>
        <strong>{name}</strong>{' '}
        {state === 'firing' ? fires : t('alerts.pending')}
        {summary && `: ${summary}`}
      </StatusMark>
    </li>
  );
}

/** The alerts about the service, by name. */
export function AlertsLine(props: { alerts: OverviewAlert[] | undefined }) {
  const { alerts } = props;
  const { t } = useMeshTranslation();
  const now = useNow(MINUTE_MS);
  if (!alerts) {
    return null;
  }
  if (alerts.length === 0) {
    return (
      <StatusMark level="ok" size={14}>
        {t('alerts.none')}
      </StatusMark>
    );
  }
  const rest = alerts.length - MOST_NAMED;
  return (
    <ul className={styles.alerts} aria-label={t('alerts.label')}>
      {alerts.slice(0, MOST_NAMED).map(alert => (
        <AlertRow
          key={`${alert.name} ${alert.summary} ${alert.since}`}
          alert={alert}
          now={now}
        />
      ))}
      {rest > 0 && <li>{t('alerts.more', { count: rest })}</li>}
    </ul>
  );
}
