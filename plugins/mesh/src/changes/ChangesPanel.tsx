import { Fragment } from 'react';
import { Button, Text } from '@backstage/ui';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  ChangesView,
  RememberedChange,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { ErrorAlert } from '../view/errors/ErrorAlert';
import type { Polled } from '../view/fetching/usePolled';
import { Section } from '../view/frame/Section';
import { useCannot } from '../view/useCannot';
import { useNow } from '../view/useNow';
import { ScrollTable } from '../view/table/ScrollTable';
import table from '../view/table/table.module.css';
import { ChangeState, isEnding } from './ChangeState';
import { YamlDiff } from './YamlDiff';
import { useChanging } from './useChanging';

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
  const cannot = useCannot()(change.needs.map(name => ({ name })));
  return (
    <tr>
      <th scope="row">{format.moment(change.at, now)}</th>
      <td className={table.sentence}>
        {change.sentence}
        {[...change.first, change].map(({ object }) => (
          <div key={formatObject(object)} className={table.quiet}>
            {formatObject(object)}
          </div>
        ))}
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
            isDisabled={cannot !== undefined}
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
        {change.canUndo && cannot && (
          <div className={table.quiet}>{cannot}</div>
        )}
      </td>
    </tr>
  );
}

/** What was changed from this portal, and the way back. */
export function ChangesPanel(props: { changes: Polled<ChangesView> }) {
  const { answer, error } = props.changes;
  const { t } = useMeshTranslation();
  const now = useNow();
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
