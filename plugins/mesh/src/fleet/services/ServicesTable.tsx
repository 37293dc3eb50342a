import { memo } from 'react';
import { Link } from 'react-router-dom';
import type { FleetRow, FleetSort } from '@meshdeck/plugin-mesh-common';
import { ledByLevel } from '../../view/verdict/ledByLevel';
import { OwnerLink } from '../../view/table/OwnerLink';
import { Name } from '../../view/table/Name';
import { ScrollTable } from '../../view/table/ScrollTable';
import { StatusMark } from '../../view/verdict/StatusMark';
import table from '../../view/table/table.module.css';
import { viewMessages } from '../../translations/english/view';
import { useFormat } from '../../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import { usePodWords } from '../../translations/usePodWords';
import { useEntityLink } from './useEntityLink';
import type { FleetAddress } from './useFleetAddress';
import styles from '../fleet.module.css';

/** Nothing is said of what most services are. */
const DATA_PLANES = {
  sidecar: undefined,
  ambient: 'services.ambient',
  mixed: 'services.mixed',
  none: 'services.outside',
} as const;

function SortableHead(props: {
  sort: FleetSort;
  title: string;
  address: FleetAddress;
}) {
  const { sort, title, address } = props;
  const isSorted = address.query.sort === sort;
  const direction = address.query.descending ? 'descending' : 'ascending';
  const arrow = direction === 'descending' ? '↓' : '↑';
  return (
    <th scope="col" aria-sort={isSorted ? direction : undefined}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => address.sortBy(sort)}
      >
        {title} <span aria-hidden>{isSorted ? arrow : ''}</span>
      </button>
    </th>
  );
}

function Health(props: { row: FleetRow; href: string | undefined }) {
  const { level, sentence: said, tab } = props.row.verdict;
  const { t } = useMeshTranslation();
  const { level: words, sentence } = ledByLevel(said, {
    inEnglish: viewMessages.levels[level],
    words: t(`levels.${level}`),
  });
  return (
    <StatusMark level={level} size={14}>
      {words && <span className={styles.level}>{words}. </span>}
      {sentence}{' '}
      {level !== 'ok' && tab && tab !== 'overview' && props.href && (
        <Link className={styles.link} to={props.href}>
          {t('verdict.see', { tab: t(`tabs.${tab}`) })}
        </Link>
      )}
    </StatusMark>
  );
}

function findingsInWords(
  { error, warning }: FleetRow['findings'],
  t: Translate,
): string {
  const parts = [
    error > 0 && t('overview.error', { count: error }),
    warning > 0 && t('overview.warning', { count: warning }),
  ].filter(Boolean);
  return parts.length ? parts.join(', ') : t('words.none');
}

interface ServiceRowProps {
  row: FleetRow;
  link: ReturnType<typeof useEntityLink>;
  withCluster: boolean;
}

function ServiceName(props: Pick<ServiceRowProps, 'row' | 'link'>) {
  const { row, link } = props;
  const { placement } = row;
  const { t } = useMeshTranslation();
  const dataPlane = DATA_PLANES[row.dataPlane];
  const href = link.tabOf(row, 'routes');
  return (
    <th scope="row" className={styles.service}>
      {href ? (
        <Link className={styles.link} to={href}>
          <Name>{placement.service}</Name>
        </Link>
      ) : (
        <Name>{placement.service}</Name>
      )}
      <div className={table.quiet}>
        {[placement.namespace, dataPlane && t(dataPlane)]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </th>
  );
}

function ServiceLine(props: ServiceRowProps) {
  const { row, link, withCluster } = props;
  const { placement, canary, verdict } = row;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const podWords = usePodWords();
  return (
    <tr>
      <ServiceName row={row} link={link} />
      <td className={styles.health}>
        <Health row={row} href={link.tabOf(row, verdict.tab ?? 'overview')} />
      </td>
      <td>
        <OwnerLink of={row} />
      </td>
      <td className={table.number}>
        {format.rate(row.requestsPerSecond)}
        {row.p99Ms !== undefined && (
          <div className={table.quiet}>
            {t('words.p99', { duration: format.ms(row.p99Ms) })}
          </div>
        )}
      </td>
      <td className={table.number}>{format.share(row.errorShare)}</td>
      <td className={table.number}>{format.share(row.mtlsShare)}</td>
      <td className={table.number}>{findingsInWords(row.findings, t)}</td>
      <td className={table.number}>
        {canary
          ? `${canary.subset} ${format.share(canary.share)}`
          : t('words.none')}
        {canary?.rollout && <div className={table.quiet}>{canary.rollout}</div>}
      </td>
      <td className={table.number}>
        {row.proxyVersions.join(', ') ||
          (row.dataPlane === 'ambient' ? 'ztunnel' : t('words.none'))}
        <div className={table.quiet}>{podWords(row)}</div>
      </td>
      {withCluster && <td>{placement.cluster}</td>}
    </tr>
  );
}

function saysTheSame(before: ServiceRowProps, now: ServiceRowProps): boolean {
  return (
    before.withCluster === now.withCluster &&
    JSON.stringify(before.row) === JSON.stringify(now.row)
  );
}

/** Most rows say the same when the page asks again: they are not drawn again. Where entities' pages are does not change. */
const ServiceRow = memo(ServiceLine, saysTheSame);

/** One page of services, each with the answer to "is it all right?". */
export function ServicesTable(props: {
  rows: FleetRow[];
  address: FleetAddress;
  withCluster: boolean;
}) {
  const { rows, address, withCluster } = props;
  const link = useEntityLink();
  const { t } = useMeshTranslation();
  const sortable = (sort: FleetSort, title: string) => (
    <SortableHead sort={sort} title={title} address={address} />
  );
  return (
    <div className={styles.services}>
      <ScrollTable
        label={t('fleet.services')}
        head={
          <tr>
            {sortable('service', t('services.service'))}
            {sortable('health', t('services.health'))}
            {sortable('owner', t('words.owner'))}
            {sortable('requests', t('services.requests'))}
            {sortable('errors', t('services.errors'))}
            {sortable('mtls', t('services.mtls'))}
            {sortable('findings', t('services.findings'))}
            <th scope="col">{t('services.canary')}</th>
            <th scope="col">{t('services.proxy')}</th>
            {withCluster && sortable('cluster', t('services.cluster'))}
          </tr>
        }
      >
        {rows.map(row => (
          <ServiceRow
            key={row.placement.id}
            row={row}
            link={link}
            withCluster={withCluster}
          />
        ))}
      </ScrollTable>
    </div>
  );
}
