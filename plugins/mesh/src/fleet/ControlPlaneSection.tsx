import { Text } from '@backstage/ui';
import type {
  ControlPlaneView,
  ProxyVersion,
} from '@meshdeck/plugin-mesh-common';
import { formatCount, formatMs, formatRate, UNKNOWN } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { Section } from '../frame/Section';
import { StatusMark, type StatusLevel } from '../frame/StatusMark';
import styles from './fleet.module.css';

const COMPONENTS: Record<ProxyVersion['component'], string> = {
  sidecar: 'Sidecars',
  gateway: 'Gateways and waypoints',
  ztunnel: 'ztunnels',
};

const SKEWS: Record<
  ProxyVersion['skew'],
  { level: StatusLevel; words: string }
> = {
  none: { level: 'ok', words: 'as istiod' },
  allowed: { level: 'ok', words: 'supported beside istiod' },
  behind: {
    level: 'warning',
    words: 'more than one version behind istiod: restart the pods',
  },
  ahead: { level: 'warning', words: 'ahead of istiod: upgrade istiod' },
  unknown: { level: 'unknown', words: 'not known' },
};

function Figures(props: { plane: ControlPlaneView }) {
  const { plane } = props;
  const figures = [
    ['Connected proxies', plane.connectedProxies?.toLocaleString('en-GB')],
    ['Pushes', perSecond(plane.pushesPerSecond)],
    ['Push errors', perSecond(plane.pushErrorsPerSecond)],
    ['A change arrives within (p99)', formatMs(plane.convergenceP99Ms)],
  ];
  return (
    <dl className={styles.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className={styles.quiet}>{name}</dt>
          <dd className={styles.figure}>{value ?? UNKNOWN}</dd>
        </div>
      ))}
    </dl>
  );
}

function perSecond(rate: number | undefined): string {
  return rate === 0 ? 'none' : formatRate(rate).replace(' req/s', ' /s');
}

function ControlPlane(props: { plane: ControlPlaneView; single: boolean }) {
  const { plane, single } = props;
  return (
    <Section
      title={single ? 'Control plane' : `Control plane of ${plane.cluster}`}
      note={single ? `cluster ${plane.cluster}` : undefined}
    >
      <div className={styles.part}>
        <StatusMark level={plane.verdict.level}>
          {plane.verdict.sentence}
        </StatusMark>
        <Figures plane={plane} />
        <ScrollTable
          label={`Versions in ${plane.cluster}`}
          head={
            <tr>
              <th scope="col">Part</th>
              <th scope="col">Version</th>
              <th scope="col">Running</th>
              <th scope="col">Against istiod</th>
            </tr>
          }
        >
          {plane.istiod.map(({ name, version, pods, readyPods }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{version ?? 'not known'}</td>
              <td>
                {readyPods} of {formatCount(pods, 'pod')} ready
              </td>
              <td>
                <StatusMark level={readyPods > 0 ? 'ok' : 'error'} size={14}>
                  {readyPods > 0 ? 'steers the proxies' : 'does not run'}
                </StatusMark>
              </td>
            </tr>
          ))}
          {plane.proxies.map(({ component, version, count, skew }) => (
            <tr key={`${component} ${version}`}>
              <th scope="row">{COMPONENTS[component]}</th>
              <td>{version}</td>
              <td>{formatCount(count, 'pod')}</td>
              <td>
                <StatusMark level={SKEWS[skew].level} size={14}>
                  {SKEWS[skew].words}
                </StatusMark>
              </td>
            </tr>
          ))}
        </ScrollTable>
      </div>
    </Section>
  );
}

/** What steers the proxies of each cluster, and whether they get it. */
export function ControlPlaneSection(props: { planes: ControlPlaneView[] }) {
  const { planes } = props;
  return planes.length ? (
    <>
      {planes.map(plane => (
        <ControlPlane
          key={plane.cluster}
          plane={plane}
          single={planes.length === 1}
        />
      ))}
    </>
  ) : (
    <Text>
      The portal knows no cluster. Add one under
      kubernetes.clusterLocatorMethods in app-config.yaml.
    </Text>
  );
}
