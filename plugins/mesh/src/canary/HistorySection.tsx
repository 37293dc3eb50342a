import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import type { CanaryHistory } from '@meshdeck/plugin-mesh-common';
import { formatObject, UNKNOWN } from '../format';
import { FirstRows } from '../view/table/FirstRows';
import { ScrollTable } from '../view/table/ScrollTable';
import { Section } from '../view/frame/Section';
import { useNow } from '../view/useNow';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './rollout/Rollout.module.css';

const FIRST_MOVES = 10;

/** A person as a link; a field manager as Kubernetes names it. */
function Who(props: { who: string | undefined }) {
  const { who } = props;
  const { t } = useMeshTranslation();
  if (who === undefined) {
    return <span className={styles.quiet}>{t('canary.unknown')}</span>;
  }
  return /^[a-z]+:[^/]+\/.+$/.test(who) ? (
    <EntityRefLink entityRef={who} defaultKind="user" />
  ) : (
    <>{who}</>
  );
}

/** What moved, when, by whom and why, as far as the portal looked on. */
export function HistorySection(props: { history: CanaryHistory }) {
  const { since, moves } = props.history;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const now = useNow(60_000);
  return (
    <Section
      title={t('history.title')}
      note={t('history.since', { time: format.moment(since, now) })}
    >
      {moves.length === 0 ? (
        <Text>{t('history.none')}</Text>
      ) : (
        <FirstRows of={moves} first={FIRST_MOVES}>
          {shown => (
            <ScrollTable
              label={t('history.title')}
              head={
                <tr>
                  <th scope="col">{t('history.when')}</th>
                  <th scope="col">{t('history.what')}</th>
                  <th scope="col">{t('history.who')}</th>
                  <th scope="col">{t('history.why')}</th>
                </tr>
              }
            >
              {shown.map((move, index) => (
                <tr key={`${move.at} ${index}`}>
                  <td className={styles.value}>
                    <time dateTime={move.at}>
                      {format.moment(move.at, now)}
                    </time>
                  </td>
                  <td>
                    {move.what}
                    <div className={styles.quiet}>
                      {formatObject(move.object)}
                    </div>
                  </td>
                  <td>
                    <Who who={move.who} />
                  </td>
                  <td>{move.why ?? UNKNOWN}</td>
                </tr>
              ))}
            </ScrollTable>
          )}
        </FirstRows>
      )}
    </Section>
  );
}
