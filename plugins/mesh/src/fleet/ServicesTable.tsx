import { memo } from 'react';
import { Link } from 'react-router-dom';
import type {
  FleetRow,
  FleetSort,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { formatCount, formatMs, formatRate, formatShare } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { StatusMark } from '../frame/StatusMark';
import { MESH_TABS } from '../tabs';
import { nameOfRef, useEntityLink } from './useEntityLink';
import type { FleetAddress } from './useFleetAddress';
import styles from './fleet.module.css';

const HEALTH: Record<Verdict['level'], string> = {
  ok: 'All right',
  warning: 'Warning',
  error: 'Not all right',
  unknown: 'Not known',
};

const DATA_PLANE: Record<FleetRow['dataPlane'], string> = {
  sidecar: '',
  ambient: 'ambient',
  mixed: 'partly in the mesh',
  none: 'outside the mesh',
};

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
  const { level, sentence, tab } = props.row.verdict;
  const words = HEALTH[level];
  return (
    <StatusMark level={level} size={14}>
      {!sentence.startsWith(words) && (
        <span className={styles.level}>{words}. </span>
      )}
      {sentence}{' '}
      {level !== 'ok' && tab && tab !== 'overview' && props.href && (
        <Link className={styles.link} to={props.href}>
          See {MESH_TABS[tab].title}
        </Link>
      )}
    </StatusMark>
  );
}

function findingsInWords({ error, warning }: FleetRow['findings']) {
  const parts = [
    error > 0 && formatCount(error, 'error'),
    warning > 0 && formatCount(warning, 'warning'),
  ].filter(Boolean);
  return parts.length ? parts.join(', ') : 'none';
}

interface ServiceRowProps {
  row: FleetRow;
  link: ReturnType<typeof useEntityLink>;
  withCluster: boolean;
}

function ServiceLine(props: ServiceRowProps) {
  const { row, link, withCluster } = props;
  const { placement, owner, canary, verdict } = row;
  const href = link.tabOf(row, 'routes');
  return (
    <tr>
      <th scope="row" className={styles.service}>
        {href ? (
          <Link className={styles.link} to={href}>
            {placement.service}
          </Link>
        ) : (
          placement.service
        )}
        <div className={styles.quiet}>
          {[placement.namespace, DATA_PLANE[row.dataPlane]]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </th>
      <td className={styles.health}>
        <Health row={row} href={link.tabOf(row, verdict.tab ?? 'overview')} />
      </td>
      <td>
        {owner ? (
          <Link className={styles.link} to={link.pageOf(owner)}>
            {nameOfRef(owner)}
          </Link>
        ) : (
          <span className={styles.quiet}>not known</span>
        )}
      </td>
      <td className={styles.number}>
        {formatRate(row.requestsPerSecond)}
        {row.p99Ms !== undefined && (
          <div className={styles.quiet}>p99 {formatMs(row.p99Ms)}</div>
        )}
      </td>
      <td className={styles.number}>{formatShare(row.errorShare)}</td>
      <td className={styles.number}>{formatShare(row.mtlsShare)}</td>
      <td className={styles.number}>{findingsInWords(row.findings)}</td>
      <td className={styles.number}>
        {canary ? `${canary.subset} ${formatShare(canary.share)}` : 'none'}
      </td>
      <td className={styles.number}>
        {row.proxyVersions.join(', ') ||
          (row.dataPlane === 'ambient' ? 'ztunnel' : 'none')}
        <div className={styles.quiet}>
          {row.readyPods === row.pods
            ? formatCount(row.pods, 'pod')
            : `${row.readyPods} of ${formatCount(row.pods, 'pod')} ready`}
        </div>
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

/** Most rows say the same when the page asks again: they are not drawn anew. Where entities' pages are does not change. */
const ServiceRow = memo(ServiceLine, saysTheSame);

/** One page of services, each with the answer to "is it all right?". */
export function ServicesTable(props: {
  rows: FleetRow[];
  address: FleetAddress;
  withCluster: boolean;
}) {
  const { rows, address, withCluster } = props;
  const link = useEntityLink();
  const sortable = (sort: FleetSort, title: string) => (
    <SortableHead sort={sort} title={title} address={address} />
  );
  return (
    <div className={styles.services}>
      <ScrollTable
        label="Services"
        head={
          <tr>
            {sortable('service', 'Service')}
            {sortable('health', 'Health')}
            {sortable('owner', 'Owner')}
            {sortable('requests', 'Requests')}
            {sortable('errors', 'Errors')}
            {sortable('mtls', 'mTLS')}
            {sortable('findings', 'Findings')}
            <th scope="col">Canary</th>
            <th scope="col">Proxy</th>
            {withCluster && sortable('cluster', 'Cluster')}
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
