import type { OverviewAlert } from '@meshdeck/plugin-mesh-common';
import { formatAge, formatCount } from '../format';
import { StatusMark } from '../frame/StatusMark';
import { useNow } from '../frame/useNow';
import styles from './MeshOverviewCard.module.css';

/** More are counted, not named. */
const MOST_NAMED = 3;
const MINUTE_MS = 60_000;

function AlertRow(props: { alert: OverviewAlert; now: number }) {
  const { alert, now } = props;
  const { name, state, summary, since } = alert;
  const age = since && ` for ${formatAge(now - Date.parse(since))}`;
  return (
    <li>
      <StatusMark level={state === 'firing' ? 'error' : 'warning'} size={14}>
        <strong>{name}</strong>{' '}
        {state === 'firing' ? `fires${age ?? ''}` : 'may fire soon'}
        {summary && `: ${summary}`}
      </StatusMark>
    </li>
  );
}

/** The alerts about the service, by name. */
export function AlertsLine(props: { alerts: OverviewAlert[] | undefined }) {
  const { alerts } = props;
  const now = useNow(MINUTE_MS);
  if (!alerts) {
    return null;
  }
  if (alerts.length === 0) {
    return (
      <StatusMark level="ok" size={14}>
        No alert about it fires.
      </StatusMark>
    );
  }
  const rest = alerts.length - MOST_NAMED;
  return (
    <ul className={styles.alerts} aria-label="Alerts">
      {alerts.slice(0, MOST_NAMED).map(alert => (
        <AlertRow
          key={`${alert.name} ${alert.summary} ${alert.since}`}
          alert={alert}
          now={now}
        />
      ))}
      {rest > 0 && <li>and {formatCount(rest, 'more alert')}</li>}
    </ul>
  );
}
