import {
  Alert,
  Card,
  CardBody,
  CardFooter,
  CardHeader,
  Link,
  Text,
} from '@backstage/ui';
import type { OverviewView } from '@meshdeck/plugin-mesh-common';
import { formatCount, formatMs, formatRate, formatShare } from '../format';
import { FigureStrip } from '../frame/FigureStrip';
import { useMeshView } from '../frame/useMeshView';
import { useTabLink } from '../frame/useTabLink';
import { VerdictLine } from '../frame/VerdictLine';
import { ViewFrame } from '../frame/ViewFrame';
import { MESH_TABS } from '../tabs';
import styles from './MeshOverviewCard.module.css';

const TABS = ['routes', 'security', 'traces', 'canary'] as const;

function counts(view: OverviewView): string {
  const warnings = view.findings.filter(({ level }) => level !== 'info').length;
  return [
    formatCount(view.routes, 'route'),
    view.canary && `${view.canary.subset} ${formatShare(view.canary.share)}`,
    warnings > 0 && formatCount(warnings, 'warning'),
  ]
    .filter(Boolean)
    .join(' · ');
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

function Overview(props: { view: OverviewView }) {
  const { view } = props;
  return (
    <>
      <VerdictLine of={view.verdict} on="overview" />
      {!view.inMesh && (
        <Alert
          status="info"
          icon
          title="Not in the mesh"
          description="No pod of this service has a sidecar or is in ambient mode: its calls are not encrypted by the mesh, and routes and policies do not reach it."
        />
      )}
      <FigureStrip
        figures={[
          {
            name: 'Requests',
            figure: view.requestsPerSecond,
            format: formatRate,
          },
          { name: 'Errors', figure: view.errorShare, format: formatShare },
          { name: 'p99', figure: view.p99Ms, format: formatMs },
          {
            name: 'mTLS',
            figure: view.mtlsShare,
            format: formatShare,
          },
        ]}
      />
      <Text as="p" variant="body-medium" color="secondary">
        {counts(view)}
        {view.workloads.length > 0 && (
          <>
            <br />
            {workloadWords(view)}
          </>
        )}
      </Text>
    </>
  );
}

/** Is it all right? With four figures, and the way to the tabs. */
export function MeshOverviewCard() {
  const mesh = useMeshView('overview');
  const tabLink = useTabLink();
  return (
    <Card>
      <CardHeader>
        <Text as="h2" variant="title-x-small" weight="bold">
          Mesh
        </Text>
      </CardHeader>
      <CardBody>
        <ViewFrame view={mesh} inCard>
          {view => <Overview view={view} />}
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
