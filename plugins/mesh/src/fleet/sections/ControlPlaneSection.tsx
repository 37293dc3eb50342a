import { Text } from '@backstage/ui';
import type { ControlPlaneView } from '@meshdeck/plugin-mesh-common';
import { UNKNOWN } from '../../format';
import { Name } from '../../view/table/Name';
import { ScrollTable } from '../../view/table/ScrollTable';
import { Section } from '../../view/frame/Section';
import { StatusMark } from '../../view/verdict/StatusMark';
import table from '../../view/table/table.module.css';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import styles from '../fleet.module.css';

const SKEWS = {
  none: { level: 'ok', words: 'controlPlane.skewNone' },
  allowed: { level: 'ok', words: 'controlPlane.skewAllowed' },
  behind: { level: 'warning', words: 'controlPlane.skewBehind' },
  ahead: { level: 'warning', words: 'controlPlane.skewAhead' },
  unknown: { level: 'unknown', words: 'controlPlane.skewUnknown' },
} as const;

function Figures(props: { plane: ControlPlaneView }) {
  const { connectedProxies, pushesPerSecond, pushErrorsPerSecond } =
    props.plane;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const perSecond = (rate: number | undefined) =>
    rate === 0 ? t('words.none') : format.perSecond(rate);
  const figures = [
    [
      t('controlPlane.connected'),
      connectedProxies === undefined
        ? UNKNOWN
        : format.number(connectedProxies),
    ],
    [t('controlPlane.pushes'), perSecond(pushesPerSecond)],
    [t('controlPlane.pushErrors'), perSecond(pushErrorsPerSecond)],
    [t('controlPlane.convergence'), format.ms(props.plane.convergenceP99Ms)],
  ];
  return (
    <dl className={styles.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className={table.quiet}>{name}</dt>
          <dd className={styles.figure}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function ProxyVersions(props: { plane: ControlPlaneView }) {
  const { cluster, istiod, proxies } = props.plane;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <ScrollTable
      label={t('controlPlane.versions', { cluster })}
      head={
        <tr>
          <th scope="col">{t('controlPlane.part')}</th>
          <th scope="col">{t('controlPlane.version')}</th>
          <th scope="col">{t('controlPlane.running')}</th>
          <th scope="col">{t('controlPlane.against')}</th>
        </tr>
      }
    >
      {istiod.map(({ name, version, pods, readyPods }) => (
        <tr key={name}>
          <th scope="row">
            <Name>{name}</Name>
          </th>
          <td>{version ?? t('words.unknown')}</td>
          <td>
            {t('words.podsOfReady', {
              count: pods,
              ready: format.number(readyPods),
            })}
          </td>
          <td>
            <StatusMark level={readyPods > 0 ? 'ok' : 'error'} size={14}>
              {readyPods > 0
                ? t('controlPlane.steers')
                : t('controlPlane.doesNotRun')}
            </StatusMark>
          </td>
        </tr>
      ))}
      {proxies.map(({ component, version, count, skew }) => (
        <tr key={`${component} ${version}`}>
          <th scope="row">{t(`controlPlane.${component}`)}</th>
          <td>{version}</td>
          <td>{t('words.podsReady', { count })}</td>
          <td>
            <StatusMark level={SKEWS[skew].level} size={14}>
              {t(SKEWS[skew].words)}
            </StatusMark>
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}

function ControlPlane(props: { plane: ControlPlaneView; single: boolean }) {
  const { plane, single } = props;
  const { cluster } = plane;
  const { t } = useMeshTranslation();
  return (
    <Section
      title={
        single ? t('fleet.control-plane') : t('controlPlane.of', { cluster })
      }
      note={single ? t('controlPlane.cluster', { cluster }) : undefined}
    >
      <div className={styles.part}>
        <StatusMark level={plane.verdict.level}>
          {plane.verdict.sentence}
        </StatusMark>
        <Figures plane={plane} />
        <ProxyVersions plane={plane} />
      </div>
    </Section>
  );
}

/** What steers the proxies of each cluster, and whether they get it. */
export function ControlPlaneSection(props: { planes: ControlPlaneView[] }) {
  const { planes } = props;
  const { t } = useMeshTranslation();
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
    <Text>{t('fleet.noCluster')}</Text>
  );
}
