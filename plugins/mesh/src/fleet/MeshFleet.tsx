import { useCallback, type ReactElement } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Container, Tab, TabList, TabPanel, Tabs } from '@backstage/ui';
import { meshApiRef } from '../api';
import { Freshness } from '../view/frame/Freshness';
import { usePolled } from '../view/fetching/usePolled';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { ChangesSection } from './changes/ChangesSection';
import { CertificatesSection } from './sections/CertificatesSection';
import { ControlPlaneSection } from './sections/ControlPlaneSection';
import { CoverageSection } from './sections/CoverageSection';
import { FleetPart } from './FleetPart';
import { FleetVerdict } from './FleetVerdict';
import { PAGE_SIZE, ServicesSection } from './services/ServicesSection';
import { SourcesSection } from './sections/SourcesSection';
import {
  FLEET_SECTIONS,
  useFleetAddress,
  type FleetAddress,
  type FleetSection,
} from './services/useFleetAddress';
import legible from '../view/legible.module.css';
import styles from './fleet.module.css';

/** What changes slowly is asked for less often than the services. */
const SLOW_INTERVAL_MS = 15_000;

/** What the page asks for; what only one tab shows is asked for while that tab is open. */
function useFleet(address: FleetAddress) {
  const api = useApi(meshApiRef);
  const isOpen = (name: FleetSection) =>
    address.section === name ? name : undefined;
  const question = JSON.stringify({ ...address.query, limit: PAGE_SIZE });
  const services = usePolled(
    question,
    useCallback(() => api.fleet(JSON.parse(question)), [api, question]),
  );
  const planes = usePolled(
    'control planes',
    useCallback(() => api.controlPlanes(), [api]),
    { intervalMs: SLOW_INTERVAL_MS },
  );
  const coverage = usePolled(
    isOpen('mtls'),
    useCallback(() => api.fleetCoverage(), [api]),
    { intervalMs: SLOW_INTERVAL_MS },
  );
  const diagnosis = usePolled(
    isOpen('sources'),
    useCallback(() => api.diagnosis(), [api]),
    { intervalMs: SLOW_INTERVAL_MS },
  );
  const { changesAfter } = address;
  const changesQuestion = isOpen('changes') && `changes ${changesAfter ?? ''}`;
  const changes = usePolled(
    changesQuestion,
    useCallback(
      () => api.fleetChanges({ cursor: changesAfter }),
      [api, changesAfter],
    ),
    { intervalMs: SLOW_INTERVAL_MS },
  );
  return {
    services,
    changes,
    areChangesSuperseded: changes.answerTo !== changesQuestion,
    isSuperseded: services.answerTo !== question,
    planes,
    coverage,
    diagnosis,
    refresh: () =>
      [services, changes, planes, coverage, diagnosis].forEach(each =>
        each.refresh(),
      ),
  };
}

type Fleet = ReturnType<typeof useFleet>;

const SECTIONS: Record<
  FleetSection,
  (props: { fleet: Fleet; address: FleetAddress }) => ReactElement
> = {
  services: ({ fleet, address }) => (
    <FleetPart
      polled={fleet.services}
      superseded={fleet.isSuperseded}
      sourcesOf={page => page.sources}
    >
      {page => <ServicesSection page={page} address={address} />}
    </FleetPart>
  ),
  changes: ({ fleet, address }) => (
    <FleetPart polled={fleet.changes} superseded={fleet.areChangesSuperseded}>
      {page => <ChangesSection page={page} address={address} />}
    </FleetPart>
  ),
  'control-plane': ({ fleet }) => (
    <FleetPart
      polled={fleet.planes}
      sourcesOf={({ clusters }) =>
        clusters.flatMap(({ cluster, sources }) =>
          sources.map(source => ({ cluster, ...source })),
        )
      }
    >
      {({ clusters }) => <ControlPlaneSection planes={clusters} />}
    </FleetPart>
  ),
  mtls: ({ fleet }) => (
    <FleetPart polled={fleet.coverage} sourcesOf={view => view.sources}>
      {view => <CoverageSection coverage={view} />}
    </FleetPart>
  ),
  certificates: ({ fleet }) => (
    <FleetPart polled={fleet.planes}>
      {({ clusters }) => <CertificatesSection planes={clusters} />}
    </FleetPart>
  ),
  sources: ({ fleet }) => (
    <FleetPart polled={fleet.diagnosis}>
      {view => <SourcesSection diagnosis={view} />}
    </FleetPart>
  ),
};

/** All services of the mesh, its control planes, certificates, clusters and sources. */
export function MeshFleet() {
  const { t } = useMeshTranslation();
  const address = useFleetAddress();
  const fleet = useFleet(address);
  const { services, planes } = fleet;
  const { section } = address;
  const OpenSection = SECTIONS[section];

  return (
    <Container className={`${styles.page} ${legible.legible}`}>
      {services.answer && (
        <FleetVerdict page={services.answer} planes={planes.answer?.clusters} />
      )}
      <Tabs
        selectedKey={section}
        onSelectionChange={name => address.open(name as FleetSection)}
      >
        <div className={styles.top}>
          <div className={styles.tabs}>
            <TabList aria-label={t('fleet.parts')}>
              {FLEET_SECTIONS.map(id => (
                <Tab key={id} id={id}>
                  {t(`fleet.${id}`)}
                </Tab>
              ))}
            </TabList>
          </div>
          <Freshness
            viewedAt={services.answeredAt}
            failed={services.error !== undefined}
            sources={services.answer?.sources ?? []}
            onRefresh={fleet.refresh}
          />
        </div>
        <TabPanel id={section} className={styles.panel}>
          <OpenSection fleet={fleet} address={address} />
        </TabPanel>
      </Tabs>
    </Container>
  );
}
