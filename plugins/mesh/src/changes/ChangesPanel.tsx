import { useCallback, useEffect } from 'react';
import { Button, Text } from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  RememberedChange,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { formatObject } from '../format';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { ErrorAlert } from '../view/errors/ErrorAlert';
import { usePolled } from '../view/fetching/usePolled';
import { Section } from '../view/frame/Section';
import { StatusMark } from '../view/verdict/StatusMark';
import { useNow } from '../view/useNow';
import { ScrollTable } from '../view/table/ScrollTable';
import table from '../view/table/table.module.css';
import { useChanging } from './useChanging';

const INTERVAL_MS = 60_000;

function State(props: { change: RememberedChange }) {
  const { state, undone } = props.change;
  const { t } = useMeshTranslation();
  if (state === 'unsettled') {
    return <StatusMark level="warning">{t('changes.unsettled')}</StatusMark>;
  }
  return <>{undone ? t('changes.undone') : t('changes.written')}</>;
}

function ChangeRow(props: { change: RememberedChange; now: number }) {
  const { change, now } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const preview = useChanging();
  return (
    <tr>
      <th scope="row">{format.moment(change.at, now)}</th>
      <td className={table.sentence}>
        {change.sentence}
        <div className={table.quiet}>{formatObject(change.object)}</div>
      </td>
      <td>
        {change.who ? (
          <EntityRefLink entityRef={change.who} />
        ) : (
          t('changes.nobody')
        )}
        {change.why && <div className={table.quiet}>{change.why}</div>}
      </td>
      <td>
        <State change={change} />
      </td>
      <td>
        {change.canUndo && preview && (
          <Button
            size="small"
            variant="secondary"
            aria-label={t('changes.undoOf', { sentence: change.sentence })}
            onPress={() =>
              preview({ what: { intent: 'undo', change: change.id } })
            }
          >
            {t('changes.undo')}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** What was changed from this portal, and the way back. */
export function ChangesPanel(props: {
  address: ViewAddress;
  /** How many changes went through while the page was open. */
  made: number;
}) {
  const { address, made } = props;
  const api = useApi(meshApiRef);
  const { t } = useMeshTranslation();
  const now = useNow();
  const { answer, error, refresh } = usePolled(
    `changes ${address.entityRef} ${address.placement}`,
    useCallback(() => api.view('changes', address, {}), [api, address]),
    { intervalMs: INTERVAL_MS },
  );
  useEffect(() => {
    if (made > 0) refresh();
  }, [made, refresh]);
  return (
    <Section title={t('changes.title')} note={t('changes.note')}>
      {error && !answer && (
        <ErrorAlert error={error} title={t('changes.failed')} />
      )}
      {answer?.changes.length === 0 && <Text>{t('changes.none')}</Text>}
      {answer && answer.changes.length > 0 && (
        <ScrollTable
          label={t('changes.title')}
          head={
            <tr>
              <th scope="col">{t('changes.when')}</th>
              <th scope="col">{t('changes.what')}</th>
              <th scope="col">{t('changes.who')}</th>
              <th scope="col">{t('changes.state')}</th>
              <th scope="col">{t('changes.back')}</th>
            </tr>
          }
        >
          {answer.changes.map(change => (
            <ChangeRow key={change.id} change={change} now={now} />
          ))}
        </ScrollTable>
      )}
      {answer?.hasMore && <Text color="secondary">{t('changes.more')}</Text>}
    </Section>
  );
}
