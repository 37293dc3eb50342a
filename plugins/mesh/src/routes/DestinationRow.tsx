import type { RouteDestinationView } from '@meshdeck/plugin-mesh-common';
import { formatCount, formatShare } from '../format';
import { ShareBar } from '../frame/ShareBar';
import { StatusMark } from '../frame/StatusMark';
import styles from './DecisionList.module.css';

/** From this share of errors on, a destination is marked. */
const NOTABLE_ERROR_SHARE = 0.01;

const ILL_STATES = {
  'no-such-service': 'There is no such service: these requests fail with 503.',
  'no-such-subset':
    'No DestinationRule defines this subset: these requests fail with 503.',
  'no-pods': 'No pod is behind this: these requests fail with 503.',
};

function podWords({ pods, readyPods }: RouteDestinationView): string {
  return pods === readyPods
    ? formatCount(pods, 'pod')
    : `${readyPods} of ${formatCount(pods, 'pod')} ready`;
}

/** Where a share of a rule's requests goes, and how that place is. */
export function DestinationRow(props: {
  destination: RouteDestinationView;
  /** False where the rule has no other: then there is no split for the live shares to be held against. */
  isOneOfSeveral: boolean;
}) {
  const { destination, isOneOfSeveral } = props;
  const { host, subset, port, state, errorShare } = destination;
  const [service] = host.split('.');
  const isNotable =
    errorShare !== undefined && errorShare >= NOTABLE_ERROR_SHARE;
  return (
    <div className={styles.destination}>
      <ShareBar
        configured={destination.configuredShare}
        live={isOneOfSeveral ? destination.liveShare : undefined}
      />
      <div className={styles.target}>
        <span title={host}>
          <strong>{subset ?? service}</strong>
          {subset && ` of ${service}`}
          {port !== undefined && `, port ${port}`}
        </span>
        <span className={styles.facts}>
          {destination.pods === destination.readyPods ? (
            <span>{podWords(destination)}</span>
          ) : (
            <StatusMark level="warning" size={14}>
              {podWords(destination)}
            </StatusMark>
          )}
          {errorShare !== undefined &&
            (isNotable ? (
              <StatusMark level="warning" size={14}>
                {formatShare(errorShare)} errors
              </StatusMark>
            ) : (
              <span>{formatShare(errorShare)} errors</span>
            ))}
        </span>
        {destination.refused && (
          <StatusMark level="error" size={14}>
            Answered {destination.refused.status}: {destination.refused.why}.
          </StatusMark>
        )}
        {!destination.refused && state !== 'ok' && (
          <StatusMark level="error" size={14}>
            {ILL_STATES[state]}
          </StatusMark>
        )}
      </div>
    </div>
  );
}
