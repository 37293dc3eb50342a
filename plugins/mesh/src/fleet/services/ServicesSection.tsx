import { useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Button, TablePagination, Text } from '@backstage/ui';
import { RiDownloadLine } from '@remixicon/react';
import { HEALTH_WINDOW, type FleetPage } from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../../api';
import { ErrorAlert } from '../../view/errors/ErrorAlert';
import { Section } from '../../view/frame/Section';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { FleetFilters } from './FleetFilters';
import { useIntent } from '../../view/useIntent';
import { saveFile } from './saveFile';
import { ServicesTable } from './ServicesTable';
import type { FleetAddress } from './useFleetAddress';
import styles from '../fleet.module.css';

/** Rows of a page: more than a screen has, few enough to be there at once. */
export const PAGE_SIZE = 50;

function NoServices(props: { page: FleetPage; address: FleetAddress }) {
  const { page, address } = props;
  const { t } = useMeshTranslation();
  const { services, pending } = page.summary;
  if (services > 0 && pending === services) {
    return <Text>{t('services.noneLookedAt')}</Text>;
  }
  if (services > 0) {
    return (
      <div className={styles.empty}>
        <Text>{t('services.noneFits')}</Text>
        <Button variant="secondary" onPress={address.clearFilters}>
          {t('fleetFilters.clear')}
        </Button>
      </div>
    );
  }
  return (
    <Text>
      {page.sources.some(({ status }) => status === 'down')
        ? t('services.noneKnown')
        : t('services.none')}
    </Text>
  );
}

function ExportButton(props: { address: FleetAddress }) {
  const api = useApi(meshApiRef);
  const { t } = useMeshTranslation();
  const [state, setState] = useState<{ busy: boolean; error?: Error }>({
    busy: false,
  });
  const tell = useIntent();
  const download = async () => {
    tell('download', 'services');
    setState({ busy: true });
    try {
      const { cursor: _cursor, ...query } = props.address.query;
      saveFile('mesh-services.csv', 'text/csv', await api.fleetCsv(query));
      setState({ busy: false });
    } catch (error) {
      setState({ busy: false, error: error as Error });
    }
  };
  return (
    <>
      <Button
        variant="secondary"
        iconStart={<RiDownloadLine aria-hidden />}
        isDisabled={state.busy}
        onPress={download}
      >
        {t('services.download')}
      </Button>
      {state.error && (
        <ErrorAlert error={state.error} title={t('services.notDownloaded')} />
      )}
    </>
  );
}

/** Every service of the mesh, a page at a time. */
export function ServicesSection(props: {
  page: FleetPage;
  address: FleetAddress;
}) {
  const { page, address } = props;
  const { t } = useMeshTranslation();
  const { rows, total, offset, next, previous, choices } = page;
  return (
    <Section
      title={t('fleet.services')}
      note={`${
        address.isFiltered
          ? t('services.fit', {
              found: t('services.count', { count: total }),
              all: t('services.count', { count: page.summary.services }),
            })
          : t('services.count', { count: total })
      } · ${t(`windows.${HEALTH_WINDOW}`)}`}
      actions={<ExportButton address={address} />}
    >
      <div className={styles.part}>
        <FleetFilters address={address} choices={choices} />
        {rows.length === 0 ? (
          <NoServices page={page} address={address} />
        ) : (
          <ServicesTable
            rows={rows}
            address={address}
            withCluster={choices.clusters.length > 1}
          />
        )}
        {(next || previous) && (
          <TablePagination
            pageSize={PAGE_SIZE}
            pageSizeOptions={[PAGE_SIZE]}
            showPageSizeOptions={false}
            offset={offset}
            totalCount={total}
            hasNextPage={next !== undefined}
            hasPreviousPage={previous !== undefined}
            onNextPage={() => address.goTo(next)}
            onPreviousPage={() =>
              address.goTo(offset <= PAGE_SIZE ? undefined : previous)
            }
          />
        )}
      </div>
    </Section>
  );
}
