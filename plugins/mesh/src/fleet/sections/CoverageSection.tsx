import { Text } from '@backstage/ui';
import {
  MTLS_LINE,
  type FleetCoverage,
  type FleetCoverageView,
} from '@meshdeck/plugin-mesh-common';
import { FirstRows } from '../../view/table/FirstRows';
import { Name } from '../../view/table/Name';
import { ScrollTable } from '../../view/table/ScrollTable';
import { Section } from '../../view/frame/Section';
import { StatusMark } from '../../view/verdict/StatusMark';
import table from '../../view/table/table.module.css';
import { useFormat } from '../../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import styles from '../fleet.module.css';

/** Those that miss the line come first: more than these are seldom read. */
const SHOWN_FIRST = 50;

function standing(row: FleetCoverage, line: string, t: Translate) {
  const { mtlsShare, outsideMesh, services } = row;
  if (mtlsShare === undefined) {
    return outsideMesh === services
      ? ({ level: 'warning', words: t('coverage.isOutside') } as const)
      : ({ level: 'unknown', words: t('coverage.nobodyCalls') } as const);
  }
  return mtlsShare < MTLS_LINE
    ? ({ level: 'warning', words: t('coverage.below', { line }) } as const)
    : ({ level: 'ok', words: t('coverage.atLeast', { line }) } as const);
}

function Bar(props: { share: number | undefined }) {
  const { share = 0 } = props;
  return (
    <svg
      className={styles.bar}
      aria-hidden
      viewBox="0 0 100 12"
      preserveAspectRatio="none"
    >
      <rect className={styles.track} y="2" width="100" height="8" />
      <rect
        className={share < MTLS_LINE ? styles.missed : styles.fill}
        y="2"
        width={share * 100}
        height="8"
      />
      <rect
        className={styles.line}
        x={MTLS_LINE * 100 - 0.4}
        width="0.8"
        height="12"
      />
    </svg>
  );
}

function CoverageRow(props: {
  row: FleetCoverage;
  line: string;
  withCluster: boolean;
}) {
  const { row, line, withCluster } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const { level, words } = standing(row, line, t);
  return (
    <tr>
      <th scope="row">
        <Name>{row.namespace}</Name>
        {withCluster && <div className={table.quiet}>{row.cluster}</div>}
      </th>
      <td className={table.number}>
        <StatusMark level={level} size={14}>
          {format.share(row.mtlsShare)}
        </StatusMark>
        <div className={table.quiet}>{words}</div>
      </td>
      <td className={styles.barCell}>
        <Bar share={row.mtlsShare} />
      </td>
      <td className={table.number}>{format.rate(row.requestsPerSecond)}</td>
      <td className={table.number}>
        {format.number(row.services)}
        {row.outsideMesh > 0 && (
          <div className={table.quiet}>
            {t('coverage.outside', { number: format.number(row.outsideMesh) })}
          </div>
        )}
      </td>
    </tr>
  );
}

function CoverageTable(props: {
  rows: FleetCoverage[];
  line: string;
  withCluster: boolean;
}) {
  const { rows, line, withCluster } = props;
  const { t } = useMeshTranslation();
  return (
    <ScrollTable
      label={t('coverage.title')}
      head={
        <tr>
          <th scope="col">{t('coverage.namespace')}</th>
          <th scope="col">{t('coverage.encrypted')}</th>
          <th scope="col" className={styles.barCell}>
            {t('coverage.share', { line })}
          </th>
          <th scope="col">{t('coverage.requests')}</th>
          <th scope="col">{t('coverage.services')}</th>
        </tr>
      }
    >
      {rows.map(row => (
        <CoverageRow
          key={`${row.cluster} ${row.namespace}`}
          row={row}
          line={line}
          withCluster={withCluster}
        />
      ))}
    </ScrollTable>
  );
}

/** How much of the traffic of each namespace is encrypted. */
export function CoverageSection(props: { coverage: FleetCoverageView }) {
  const { namespaces } = props.coverage;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const line = format.share(MTLS_LINE);
  const missing = namespaces.filter(
    ({ mtlsShare }) => mtlsShare !== undefined && mtlsShare < MTLS_LINE,
  ).length;
  const withCluster =
    new Set(namespaces.map(({ cluster }) => cluster)).size > 1;
  return (
    <Section
      title={t('coverage.title')}
      note={
        missing
          ? t('coverage.missing', { count: missing, line })
          : t('coverage.noneMissing', { line })
      }
    >
      {namespaces.length === 0 ? (
        <Text>{t('coverage.none')}</Text>
      ) : (
        <FirstRows
          of={namespaces}
          first={SHOWN_FIRST}
          all={t('coverage.all', { count: namespaces.length })}
        >
          {shown => (
            <CoverageTable rows={shown} line={line} withCluster={withCluster} />
          )}
        </FirstRows>
      )}
    </Section>
  );
}
