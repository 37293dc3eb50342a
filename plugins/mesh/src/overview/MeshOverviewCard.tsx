import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import {
  EntityRefLinks,
  getEntityRelations,
  useEntity,
} from '@backstage/plugin-catalog-react';
import {
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  Link,
  Text,
} from '@backstage/ui';
import type {
  Finding,
  OverviewView,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import type { Format } from '../format';
import { FigureStrip } from '../view/charts/FigureStrip';
import legible from '../view/legible.module.css';
import { SecondOpinion } from '../view/opinion/SecondOpinion';
import { StatusMark } from '../view/verdict/StatusMark';
import { useMeshView } from '../view/fetching/useMeshView';
import { ERRORS_ONLY, useTabLink } from '../view/address/useTabLink';
import { VerdictLine } from '../view/verdict/VerdictLine';
import { ViewFrame } from '../view/frame/ViewFrame';
import { MESH_TABS } from '../tabs';
import { useFormat } from '../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';
import { AlertsLine } from './AlertsLine';
import { OutsideTheMesh } from './OutsideTheMesh';
import styles from './MeshOverviewCard.module.css';

const TABS = Object.keys(MESH_TABS) as (keyof typeof MESH_TABS)[];

const LEVELS: Finding['level'][] = ['error', 'warning', 'info'];

/** What the configuration says: each part leads to the tab that has it. */
function Counts(props: { view: OverviewView }) {
  const { view } = props;
  const tabLink = useTabLink();
  const { t } = useMeshTranslation();
  const format = useFormat();
  const found = LEVELS.map(level => ({
    level,
    count: view.findings.filter(finding => finding.level === level).length,
  })).filter(({ count }) => count > 0);
  return (
    <ul className={styles.counts} aria-label={t('overview.configuration')}>
      <li>
        <Link href={tabLink('routes')}>
          {t('overview.routes', { count: view.routes })}
        </Link>
      </li>
      {view.canary && (
        <li>
          <Link href={tabLink('canary')}>
            {`${view.canary.subset} ${format.share(view.canary.share)}${
              view.canary.rollout ? ` (${view.canary.rollout})` : ''
            }`}
          </Link>
        </li>
      )}
      {found.map(({ level, count }) => (
        <li key={level}>
          <StatusMark level={level} size={14}>
            <Link href={tabLink('routes')}>
              {t(`overview.${level}`, { count })}
            </Link>
          </StatusMark>
        </li>
      ))}
      {found.length === 0 && <li>{t('overview.noFindings')}</li>}
    </ul>
  );
}

/** Where several workloads bear one name, the version tells them apart. */
function workloadWords({ workloads }: OverviewView, t: Translate): string {
  return workloads
    .map(({ name, version, pods, readyPods }) => {
      const isOnlyOne =
        workloads.filter(other => other.name === name).length === 1;
      const workload = isOnlyOne ? name : `${name} ${version}`;
      return readyPods === pods
        ? t('overview.ready', { workload, pods: String(pods) })
        : t('overview.someReady', {
            workload,
            ready: String(readyPods),
            pods: String(pods),
          });
    })
    .join(' · ');
}

function figuresOf(
  view: OverviewView,
  tabLink: ReturnType<typeof useTabLink>,
  t: Translate,
  format: Format,
) {
  const { dayBefore } = view;
  return [
    {
      name: t('overview.requests'),
      figure: view.requestsPerSecond,
      dayBefore: dayBefore.requestsPerSecond,
      format: format.rate,
      href: tabLink('topology'),
    },
    {
      name: t('overview.errors'),
      figure: view.errorShare,
      dayBefore: dayBefore.errorShare,
      format: format.share,
      href: tabLink('traces', ERRORS_ONLY),
    },
    {
      name: t('overview.p99'),
      figure: view.p99Ms,
      dayBefore: dayBefore.p99Ms,
      format: format.ms,
      href: tabLink('traces'),
    },
    {
      name: t('overview.mtls'),
      figure: view.mtlsShare,
      format: format.share,
      href: tabLink('security'),
    },
  ];
}

function Overview(props: { view: OverviewView; address?: ViewAddress }) {
  const { view, address } = props;
  const tabLink = useTabLink();
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <>
      <VerdictLine of={view} on="overview" />
      <SecondOpinion address={address} window={view.window} />
      {!view.inMesh && <OutsideTheMesh because={view.outsideBecause} />}
      <FigureStrip figures={figuresOf(view, tabLink, t, format)} />
      {view.dayBefore.requestsPerSecond.points.length > 1 && (
        <Text as="p" variant="body-small" color="secondary">
          {t('overview.dayBefore')}
        </Text>
      )}
      <AlertsLine alerts={view.alerts} />
      <Counts view={view} />
      {view.workloads.length > 0 && (
        <Text as="p" variant="body-medium" color="secondary">
          {workloadWords(view, t)}
        </Text>
      )}
    </>
  );
}

function Owner() {
  const { entity } = useEntity();
  const { t } = useMeshTranslation();
  const owners = getEntityRelations(entity, RELATION_OWNED_BY);
  return owners.length > 0 ? (
    <span className={styles.owner}>
      {t('overview.owner')}{' '}
      <EntityRefLinks entityRefs={owners} defaultKind="group" />
    </span>
  ) : null;
}

/** Is it all right? With four figures, and the way to the tabs. */
export function MeshOverviewCard() {
  const mesh = useMeshView('overview');
  const { t } = useMeshTranslation();
  const tabLink = useTabLink();
  return (
    // The name is for portals that put it elsewhere.
    <Card className={legible.legible} data-mesh-card="overview">
      <CardHeader>
        <div className={styles.header}>
          <Text as="h2" variant="title-x-small" weight="bold">
            {t('overview.title')}
          </Text>
          <Owner />
        </div>
      </CardHeader>
      <CardBody>
        <ViewFrame view={mesh} inCard>
          {view => <Overview view={view} address={mesh.address} />}
        </ViewFrame>
      </CardBody>
      <CardFooter>
        <nav className={styles.tabs} aria-label={t('overview.tabs')}>
          {TABS.map(tab => (
            <Link key={tab} href={tabLink(tab)}>
              {t(`tabs.${tab}`)}
            </Link>
          ))}
        </nav>
      </CardFooter>
    </Card>
  );
}
