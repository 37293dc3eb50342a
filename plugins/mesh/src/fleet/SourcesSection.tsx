import { Text } from '@backstage/ui';
import type {
  DiagnosisView,
  SourceDiagnosis,
} from '@meshdeck/plugin-mesh-common';
import { formatClock, formatMs, UNKNOWN } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { Section } from '../frame/Section';
import { StatusMark, type StatusLevel } from '../frame/StatusMark';
import styles from './fleet.module.css';

const NAMES: Record<SourceDiagnosis['id'], string> = {
  kubernetes: 'Kubernetes',
  prometheus: 'Prometheus',
  traces: 'Tracing',
  kiali: 'Kiali',
  grafana: 'Grafana',
};

const STATES: Record<
  SourceDiagnosis['status'],
  { level: StatusLevel; words: string }
> = {
  ok: { level: 'ok', words: 'answers' },
  down: { level: 'error', words: 'does not answer' },
  absent: { level: 'info', words: 'not configured' },
};

/** How each source of each cluster is reached, and what to do where it is not. */
export function SourcesSection(props: { diagnosis: DiagnosisView }) {
  const { checkedAt, sources } = props.diagnosis;
  return (
    <Section
      title="Clusters and sources"
      note={`asked at ${formatClock(checkedAt)}`}
    >
      {sources.length === 0 ? (
        <Text>
          The portal knows no cluster. Add one under
          kubernetes.clusterLocatorMethods in app-config.yaml.
        </Text>
      ) : (
        <ScrollTable
          label="Sources"
          head={
            <tr>
              <th scope="col">Source</th>
              <th scope="col">State</th>
              <th scope="col">What to do</th>
              <th scope="col">Version</th>
              <th scope="col">Answers in</th>
              <th scope="col">Set in app-config.yaml</th>
            </tr>
          }
        >
          {sources.map(source => (
            <tr key={`${source.cluster} ${source.id}`}>
              <th scope="row">
                {NAMES[source.id]}
                <div className={styles.quiet}>{source.cluster}</div>
              </th>
              <td className={styles.number}>
                <StatusMark level={STATES[source.status].level} size={14}>
                  {STATES[source.status].words}
                </StatusMark>
              </td>
              <td className={styles.health}>{source.message ?? 'nothing'}</td>
              <td>{source.version ?? UNKNOWN}</td>
              <td className={styles.number}>{formatMs(source.latencyMs)}</td>
              <td className={styles.code}>{source.configKey}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </Section>
  );
}
