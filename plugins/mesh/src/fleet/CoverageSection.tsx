import { useState } from 'react';
import { Button, Text } from '@backstage/ui';
import {
  MTLS_LINE,
  type FleetCoverage,
  type FleetCoverageView,
} from '@meshdeck/plugin-mesh-common';
import { formatCount, formatRate, formatShare } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { Section } from '../frame/Section';
import { StatusMark } from '../frame/StatusMark';
import styles from './fleet.module.css';

/** Those that miss the line come first: more than these are seldom read. */
const SHOWN_FIRST = 50;

function standing({ mtlsShare, outsideMesh, services }: FleetCoverage) {
  if (mtlsShare === undefined) {
    return outsideMesh === services
      ? ({ level: 'warning', words: 'outside the mesh' } as const)
      : ({ level: 'unknown', words: 'nobody calls' } as const);
  }
  return mtlsShare < MTLS_LINE
    ? ({ level: 'warning', words: `below ${formatShare(MTLS_LINE)}` } as const)
    : ({ level: 'ok', words: `at least ${formatShare(MTLS_LINE)}` } as const);
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

/** How much of the traffic of each namespace is encrypted. */
export function CoverageSection(props: { coverage: FleetCoverageView }) {
  const { namespaces } = props.coverage;
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? namespaces : namespaces.slice(0, SHOWN_FIRST);
  const missing = namespaces.filter(
    ({ mtlsShare }) => mtlsShare !== undefined && mtlsShare < MTLS_LINE,
  ).length;
  const withCluster =
    new Set(namespaces.map(({ cluster }) => cluster)).size > 1;
  return (
    <Section
      title="mTLS by namespace"
      note={
        missing
          ? `${formatCount(
              missing,
              'namespace',
            )} below the line of ${formatShare(MTLS_LINE)}`
          : `no namespace is below the line of ${formatShare(MTLS_LINE)}`
      }
    >
      {namespaces.length === 0 ? (
        <Text>No namespace has a service.</Text>
      ) : (
        <div className={styles.part}>
          <ScrollTable
            label="mTLS by namespace"
            head={
              <tr>
                <th scope="col">Namespace</th>
                <th scope="col">Encrypted</th>
                <th scope="col" className={styles.barCell}>
                  Share, and the line at {formatShare(MTLS_LINE)}
                </th>
                <th scope="col">Requests</th>
                <th scope="col">Services</th>
              </tr>
            }
          >
            {shown.map(row => {
              const { level, words } = standing(row);
              return (
                <tr key={`${row.cluster} ${row.namespace}`}>
                  <th scope="row">
                    {row.namespace}
                    {withCluster && (
                      <div className={styles.quiet}>{row.cluster}</div>
                    )}
                  </th>
                  <td className={styles.number}>
                    <StatusMark level={level} size={14}>
                      {formatShare(row.mtlsShare)}
                    </StatusMark>
                    <div className={styles.quiet}>{words}</div>
                  </td>
                  <td className={styles.barCell}>
                    <Bar share={row.mtlsShare} />
                  </td>
                  <td className={styles.number}>
                    {formatRate(row.requestsPerSecond)}
                  </td>
                  <td className={styles.number}>
                    {row.services}
                    {row.outsideMesh > 0 && (
                      <div className={styles.quiet}>
                        {row.outsideMesh} outside the mesh
                      </div>
                    )}
                  </td>
                </tr>
              );
            })}
          </ScrollTable>
          {shown.length < namespaces.length && (
            <Button variant="secondary" onPress={() => setIsWhole(true)}>
              Show all {formatCount(namespaces.length, 'namespace')}
            </Button>
          )}
        </div>
      )}
    </Section>
  );
}
