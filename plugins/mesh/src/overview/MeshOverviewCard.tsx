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
  MeshTab,
  OverviewView,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { formatCount, formatMs, formatRate, formatShare } from '../format';
import { FigureStrip } from '../frame/FigureStrip';
import legible from '../frame/legible.module.css';
import { SecondOpinion } from '../frame/SecondOpinion';
import { StatusMark } from '../frame/StatusMark';
import { useMeshView } from '../frame/useMeshView';
import { useTabLink } from '../frame/useTabLink';
import { VerdictLine } from '../frame/VerdictLine';
import { ViewFrame } from '../frame/ViewFrame';
import { MESH_TABS } from '../tabs';
import { AlertsLine } from './AlertsLine';
import { OutsideTheMesh } from './OutsideTheMesh';
import styles from './MeshOverviewCard.module.css';

const TABS = Object.keys(MESH_TABS) as (keyof typeof MESH_TABS)[];

const LEVELS: { level: Finding['level']; noun: string }[] = [
  { level: 'error', noun: 'error' },
  { level: 'warning', noun: 'warning' },
  { level: 'info', noun: 'note' },
];

/** What the configuration says: each part leads to the tab that has it. */
function Counts(props: { view: OverviewView }) {
  const { view } = props;
  const tabLink = useTabLink();
  const found = LEVELS.map(({ level, noun }) => ({
    level,
    noun,
    count: view.findings.filter(finding => finding.level === level).length,
  })).filter(({ count }) => count > 0);
  return (
    <ul className={styles.counts} aria-label="Configuration">
      <li>
        <Link href={tabLink('routes')}>
          {formatCount(view.routes, 'route')}
        </Link>
      </li>
      {view.canary && (
        <li>
          <Link href={tabLink('canary')}>
            {`${view.canary.subset} ${formatShare(view.canary.share)}`}
          </Link>
        </li>
      )}
      {found.map(({ level, noun, count }) => (
        <li key={level}>
          <StatusMark level={level} size={14}>
            <Link href={tabLink('routes')}>{formatCount(count, noun)}</Link>
          </StatusMark>
        </li>
      ))}
      {found.length === 0 && <li>no findings</li>}
    </ul>
  );
}

function workloadWords(view: OverviewView): string {
  return view.workloads
    .map(
      ({ name, pods, readyPods }) =>
        `${name} ${
          readyPods === pods ? pods : `${readyPods} of ${pods}`
        } ready`,
    )
    .join(' · ');
}

function figuresOf(view: OverviewView, tabLink: (tab: MeshTab) => string) {
  const { dayBefore } = view;
  return [
    {
      name: 'Requests',
      figure: view.requestsPerSecond,
      dayBefore: dayBefore.requestsPerSecond,
      format: formatRate,
      href: tabLink('topology'),
    },
    {
      name: 'Errors',
      figure: view.errorShare,
      dayBefore: dayBefore.errorShare,
      format: formatShare,
      href: tabLink('traces'),
    },
    {
      name: 'p99',
      figure: view.p99Ms,
      dayBefore: dayBefore.p99Ms,
      format: formatMs,
      href: tabLink('traces'),
    },
    {
      name: 'mTLS',
      figure: view.mtlsShare,
      format: formatShare,
      href: tabLink('security'),
    },
  ];
}

function Overview(props: { view: OverviewView; address?: ViewAddress }) {
  const { view, address } = props;
  const tabLink = useTabLink();
  return (
    <>
      <VerdictLine of={view.verdict} on="overview" />
      <SecondOpinion address={address} window={view.window} />
      {!view.inMesh && <OutsideTheMesh because={view.outsideBecause} />}
      <FigureStrip figures={figuresOf(view, tabLink)} />
      {view.dayBefore.requestsPerSecond.points.length > 1 && (
        <Text as="p" variant="body-small" color="secondary">
          The dashed line is the day before.
        </Text>
      )}
      <AlertsLine alerts={view.alerts} />
      <Counts view={view} />
      {view.workloads.length > 0 && (
        <Text as="p" variant="body-medium" color="secondary">
          {workloadWords(view)}
        </Text>
      )}
    </>
  );
}

function Owner() {
  const { entity } = useEntity();
  const owners = getEntityRelations(entity, RELATION_OWNED_BY);
  return owners.length > 0 ? (
    <span className={styles.owner}>
      owner <EntityRefLinks entityRefs={owners} defaultKind="group" />
    </span>
  ) : null;
}

/** Is it all right? With four figures, and the way to the tabs. */
export function MeshOverviewCard() {
  const mesh = useMeshView('overview');
  const tabLink = useTabLink();
  return (
    <Card className={legible.legible}>
      <CardHeader>
        <div className={styles.header}>
          <Text as="h2" variant="title-x-small" weight="bold">
            Mesh
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
        <nav className={styles.tabs} aria-label="Mesh tabs">
          {TABS.map(tab => (
            <Link key={tab} href={tabLink(tab)}>
              {MESH_TABS[tab].title}
            </Link>
          ))}
        </nav>
      </CardFooter>
    </Card>
  );
}
