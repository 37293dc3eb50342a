import { Button, Text } from '@backstage/ui';
import type {
  FleetChange,
  FleetChangesPage,
} from '@meshdeck/plugin-mesh-common';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from 'react-router-dom';
import { ChangeState, isEnding } from '../../changes/ChangeState';
import { formatObject } from '../../format';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { Section } from '../../view/frame/Section';
import { Name } from '../../view/table/Name';
import { ScrollTable } from '../../view/table/ScrollTable';
import table from '../../view/table/table.module.css';
import { useNow } from '../../view/useNow';
import { useEntityLink } from '../services/useEntityLink';
import type { FleetAddress } from '../services/useFleetAddress';
import styles from '../fleet.module.css';

function ChangeRow(props: {
  change: FleetChange;
  now: number;
  href: string | undefined;
}) {
  const { change, now, href = '' } = props;
  const { placement, sentence } = change;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const way = isEnding(change) ? 'endThere' : 'undoThere';
  return (
    <tr>
      <th scope="row">{format.moment(change.at, now)}</th>
      <td>
        <Link className={styles.link} to={href}>
          <Name>{placement.service}</Name>
        </Link>
        <div className={table.quiet}>
          {placement.namespace} · {placement.cluster}
        </div>
      </td>
      <td className={table.sentence}>
        {sentence}
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
        {change.canUndo && (
          <Link
            className={styles.link}
            to={href}
            aria-label={t(`fleetChanges.${way}Of`, {
              service: placement.service,
              sentence,
            })}
          >
            {t(`fleetChanges.${way}`)}
          </Link>
        )}
      </td>
    </tr>
  );
}

/** What was changed of all services that the reader may see; it is taken back on the page of its service, where its preview is. */
export function ChangesSection(props: {
  page: FleetChangesPage;
  address: FleetAddress;
}) {
  const { page, address } = props;
  const { changes, next } = page;
  const { t } = useMeshTranslation();
  const link = useEntityLink();
  const now = useNow();
  return (
    <Section title={t('fleet.changes')} note={t('fleetChanges.note')}>
      <div className={styles.part}>
        {changes.length === 0 ? (
          <Text>{t('changes.none')}</Text>
        ) : (
          <ScrollTable
            label={t('fleet.changes')}
            head={
              <tr>
                <th scope="col">{t('changes.when')}</th>
                <th scope="col">{t('fleetChanges.service')}</th>
                <th scope="col">{t('changes.what')}</th>
                <th scope="col">{t('changes.who')}</th>
                <th scope="col">{t('changes.state')}</th>
                <th scope="col">{t('changes.back')}</th>
              </tr>
            }
          >
            {changes.map(change => (
              <ChangeRow
                key={change.id}
                change={change}
                now={now}
                href={link.tabOf(change, 'routes')}
              />
            ))}
          </ScrollTable>
        )}
        {(next || address.changesAfter) && (
          <div className={styles.pages}>
            <Button
              variant="secondary"
              isDisabled={!address.changesAfter}
              onPress={() => address.goToChanges(undefined)}
            >
              {t('fleetChanges.newest')}
            </Button>
            <Button
              variant="secondary"
              isDisabled={!next}
              onPress={() => address.goToChanges(next)}
            >
              {t('fleetChanges.older')}
            </Button>
          </div>
        )}
      </div>
    </Section>
  );
}
