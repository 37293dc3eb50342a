import { Fragment, useCallback, useEffect, useState } from 'react';
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
import { useNow } from '../view/useNow';
import { ScrollTable } from '../view/table/ScrollTable';
import table from '../view/table/table.module.css';
import { ChangeState, isEnding } from './ChangeState';
import { YamlDiff } from './YamlDiff';
import { useChanging } from './useChanging';

const INTERVAL_MS = 60_000;
/** While something is to end. */
const ENDING_INTERVAL_MS = 5_000;

/** What a change left that was to end, and what somebody made of it. */
function Seized(props: { change: RememberedChange }) {
  const { object, end } = props.change;
  const { t } = useMeshTranslation();
  if (end?.left === undefined || end.found === undefined) {
    return null;
  }
  const label = t('changes.leftAndFound', { object: formatObject(object) });
  return (
    <tr>
      <td colSpan={5}>
        <Text>{label}</Text>
        <YamlDiff before={end.left} after={end.found} label={label} />
      </td>
    </tr>
  );
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
        <ChangeState change={change} now={now} />
      </td>
      <td>
        {change.canUndo && preview && (
          <Button
            size="small"
            variant="secondary"
            aria-label={t(
              isEnding(change) ? 'changes.endNowOf' : 'changes.undoOf',
              { sentence: change.sentence },
            )}
            onPress={() =>
              preview({ what: { intent: 'undo', change: change.id } })
            }
          >
            {t(isEnding(change) ? 'changes.endNow' : 'changes.undo')}
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
  const [intervalMs, setIntervalMs] = useState(INTERVAL_MS);
  const { answer, error, refresh } = usePolled(
    `changes ${address.entityRef} ${address.placement}`,
    useCallback(() => api.view('changes', address, {}), [api, address]),
    { intervalMs },
  );
  const isAnyEnding = answer?.changes.some(isEnding) ?? false;
  useEffect(() => {
    setIntervalMs(isAnyEnding ? ENDING_INTERVAL_MS : INTERVAL_MS);
  }, [isAnyEnding]);
  useEffect(() => {
    // The next question waits as long as was said when it was put off.
    if (intervalMs === ENDING_INTERVAL_MS) refresh();
  }, [intervalMs, refresh]);
  useEffect(() => {
    if (made > 0) refresh();
  }, [made, refresh]);
  return (
    <Section title={t('changes.title')} note={t('changes.note')}>
      {error && <ErrorAlert error={error} title={t('changes.failed')} />}
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
            <Fragment key={change.id}>
              <ChangeRow change={change} now={now} />
              <Seized change={change} />
            </Fragment>
          ))}
        </ScrollTable>
      )}
      {answer?.hasMore && <Text color="secondary">{t('changes.more')}</Text>}
    </Section>
  );
}
