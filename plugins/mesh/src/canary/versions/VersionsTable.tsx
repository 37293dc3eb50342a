import { Fragment, type ReactNode } from 'react';
import type { CanaryVersion } from '@meshdeck/plugin-mesh-common';
import type { Format } from '../../format';
import { ScrollTable } from '../../view/table/ScrollTable';
import { ShareBar } from '../../view/charts/ShareBar';
import { StatusMark } from '../../view/verdict/StatusMark';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { SaturationCell } from './SaturationCell';
import styles from '../CanaryTab.module.css';

function Pods(props: { version: CanaryVersion }) {
  const { pods, readyPods, weight } = props.version;
  const { t } = useMeshTranslation();
  if (pods === 0) {
    return (
      <StatusMark level={weight > 0 ? 'error' : 'info'} size={14}>
        {weight > 0 ? t('canary.noPodsFail') : t('canary.noPods')}
      </StatusMark>
    );
  }
  if (readyPods < pods) {
    return (
      <StatusMark level="warning" size={14}>
        {t('canary.someReady', {
          ready: String(readyPods),
          pods: String(pods),
        })}
      </StatusMark>
    );
  }
  return <>{t('canary.ready', { pods: String(pods) })}</>;
}

const MEASURES: {
  name:
    | 'weight'
    | 'pods'
    | 'requests'
    | 'errors'
    | 'p50'
    | 'p99'
    | 'saturation';
  show: (version: CanaryVersion, format: Format) => ReactNode;
}[] = [
  {
    name: 'weight',
    show: version => (
      <ShareBar configured={version.weight / 100} live={version.liveShare} />
    ),
  },
  { name: 'pods', show: version => <Pods version={version} /> },
  {
    name: 'requests',
    show: (version, format) => format.rate(version.requestsPerSecond.value),
  },
  {
    name: 'errors',
    show: (version, format) => format.share(version.errorShare.value),
  },
  { name: 'p50', show: (version, format) => format.ms(version.p50Ms.value) },
  { name: 'p99', show: (version, format) => format.ms(version.p99Ms.value) },
  {
    name: 'saturation',
    show: version => <SaturationCell saturation={version.saturation} />,
  },
];

/** One column per version, so that each measure compares along its row. */
export function VersionsTable(props: { versions: CanaryVersion[] }) {
  const { versions } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <ScrollTable
      label={t('canary.versionsTable')}
      head={
        <tr>
          <td />
          {versions.map(({ subset, labels }) => (
            <th key={subset} scope="col">
              <span className={styles.subset}>{subset}</span>
              <span className={styles.labels}>
                {Object.entries(labels).map(([key, value], index) => (
                  <Fragment key={key}>
                    {index > 0 && ', '}
                    {key}=<wbr />
                    {value}
                  </Fragment>
                ))}
              </span>
            </th>
          ))}
        </tr>
      }
    >
      {MEASURES.map(({ name, show }) => (
        <tr key={name}>
          <th scope="row" className={styles.rowName}>
            {t(`canary.${name}`)}
          </th>
          {versions.map(version => (
            <td key={version.subset} className={styles.measure}>
              {show(version, format)}
            </td>
          ))}
        </tr>
      ))}
    </ScrollTable>
  );
}
