import type { ReactNode } from 'react';
import type { CanaryVersion } from '@meshdeck/plugin-mesh-common';
import { formatMs, formatRate, formatShare } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { ShareBar } from '../frame/ShareBar';
import { StatusMark } from '../frame/StatusMark';
import styles from './CanaryTab.module.css';

function Pods(props: { version: CanaryVersion }) {
  const { pods, readyPods, weight } = props.version;
  if (pods === 0) {
    return (
      <StatusMark level={weight > 0 ? 'error' : 'info'} size={14}>
        none{weight > 0 && ': its requests fail'}
      </StatusMark>
    );
  }
  if (readyPods < pods) {
    return (
      <StatusMark level="warning" size={14}>
        {readyPods} of {pods} ready
      </StatusMark>
    );
  }
  return <>{pods} ready</>;
}

const MEASURES: {
  name: string;
  show: (version: CanaryVersion) => ReactNode;
}[] = [
  {
    name: 'Weight',
    show: version => (
      <ShareBar configured={version.weight / 100} live={version.liveShare} />
    ),
  },
  { name: 'Pods', show: version => <Pods version={version} /> },
  {
    name: 'Requests',
    show: version => formatRate(version.requestsPerSecond.value),
  },
  { name: 'Errors', show: version => formatShare(version.errorShare.value) },
  { name: 'p99', show: version => formatMs(version.p99Ms.value) },
];

/** One column per version, so that each measure compares along its row. */
export function VersionsTable(props: { versions: CanaryVersion[] }) {
  const { versions } = props;
  return (
    <ScrollTable
      label="Versions"
      head={
        <tr>
          <td />
          {versions.map(({ subset, labels }) => (
            <th key={subset} scope="col">
              <span className={styles.subset}>{subset}</span>
              <span className={styles.labels}>
                {Object.entries(labels)
                  .map(([key, value]) => `${key}=${value}`)
                  .join(', ')}
              </span>
            </th>
          ))}
        </tr>
      }
    >
      {MEASURES.map(({ name, show }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          {versions.map(version => (
            <td key={version.subset} className={styles.measure}>
              {show(version)}
            </td>
          ))}
        </tr>
      ))}
    </ScrollTable>
  );
}
