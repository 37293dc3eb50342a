import type { RouteDestinationView } from '@meshdeck/plugin-mesh-common';
import { ShareBar } from '../view/charts/ShareBar';
import { StatusMark } from '../view/verdict/StatusMark';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { usePodWords } from '../translations/usePodWords';
import styles from './DecisionList.module.css';

/** From this share of errors on, a destination is marked. */
const NOTABLE_ERROR_SHARE = 0.01;

function DestinationFacts(props: { destination: RouteDestinationView }) {
  const { destination } = props;
  const { errorShare } = destination;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const podWords = usePodWords()(destination);
  const facts = [
    {
      words: podWords,
      isNotable: destination.pods !== destination.readyPods,
    },
    errorShare !== undefined && {
      words: t('destination.errors', { share: format.share(errorShare) }),
      isNotable: errorShare >= NOTABLE_ERROR_SHARE,
    },
  ].filter(fact => fact !== false);
  return (
    <span className={styles.facts}>
      {facts.map(({ words, isNotable }) =>
        isNotable ? (
          <StatusMark key={words} level="warning" size={14}>
            {words}
          </StatusMark>
        ) : (
          <span key={words}>{words}</span>
        ),
      )}
    </span>
  );
}

/** Where a share of a rule's requests goes, and how that place is. */
export function DestinationRow(props: {
  destination: RouteDestinationView;
  /** False where the rule has no other: then there is no split for the live shares to be held against. */
  isOneOfSeveral: boolean;
}) {
  const { destination, isOneOfSeveral } = props;
  const { host, subset, port, state, refused } = destination;
  const { t } = useMeshTranslation();
  const [service] = host.split('.');
  return (
    <div className={styles.destination}>
      <ShareBar
        configured={destination.configuredShare}
        live={isOneOfSeveral ? destination.liveShare : undefined}
      />
      <div className={styles.target}>
        <span title={host}>
          <strong>{subset ?? service}</strong>
          {subset && ` ${t('destination.of', { service })}`}
          {port !== undefined && t('destination.port', { port: String(port) })}
        </span>
        <DestinationFacts destination={destination} />
        {refused && (
          <StatusMark level="error" size={14}>
            {t('destination.refused', {
              status: String(refused.status),
              why: refused.why,
            })}
          </StatusMark>
        )}
        {!refused && state !== 'ok' && (
          <StatusMark level="error" size={14}>
            {t(`destination.${state}`)}
          </StatusMark>
        )}
      </div>
    </div>
  );
}
