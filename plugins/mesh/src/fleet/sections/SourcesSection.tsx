import { Text } from '@backstage/ui';
import type {
  DiagnosisView,
  SourceDiagnosis,
} from '@meshdeck/plugin-mesh-common';
import { UNKNOWN } from '../../format';
import { ScrollTable } from '../../view/table/ScrollTable';
import { Section } from '../../view/frame/Section';
import table from '../../view/table/table.module.css';
import { StatusMark, type StatusLevel } from '../../view/verdict/StatusMark';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../fleet.module.css';

const LEVELS: Record<SourceDiagnosis['status'], StatusLevel> = {
  ok: 'ok',
  down: 'error',
  absent: 'info',
};

/** How each source of each cluster is reached, and what to do where it is not. */
export function SourcesSection(props: { diagnosis: DiagnosisView }) {
  const { checkedAt, sources } = props.diagnosis;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <Section
      title={t('diagnosis.title')}
      note={t('diagnosis.note', { time: format.clock(checkedAt) })}
    >
      {sources.length === 0 ? (
        <Text>{t('fleet.noCluster')}</Text>
      ) : (
        <ScrollTable
          label={t('diagnosis.sources')}
          head={
            <tr>
              <th scope="col">{t('diagnosis.source')}</th>
              <th scope="col">{t('diagnosis.state')}</th>
              <th scope="col">{t('diagnosis.fix')}</th>
              <th scope="col">{t('diagnosis.version')}</th>
              <th scope="col">{t('diagnosis.latency')}</th>
              <th scope="col">{t('diagnosis.setting')}</th>
            </tr>
          }
        >
          {sources.map(source => (
            <tr key={`${source.cluster} ${source.id}`}>
              <th scope="row">
                {t(`diagnosis.${source.id}`)}
                <div className={table.quiet}>{source.cluster}</div>
              </th>
              <td className={table.number}>
                <StatusMark level={LEVELS[source.status]} size={14}>
                  {t(`diagnosis.${source.status}`)}
                </StatusMark>
              </td>
              <td className={styles.health}>
                {source.message ?? t('diagnosis.nothing')}
              </td>
              <td>{source.version ?? UNKNOWN}</td>
              <td className={table.number}>{format.ms(source.latencyMs)}</td>
              <td className={styles.code}>{source.configKey}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </Section>
  );
}
