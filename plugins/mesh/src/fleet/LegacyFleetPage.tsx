import { Content, Header, Page } from '@backstage/core-components';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { MeshFleet } from './MeshFleet';

/** The old frontend system gives a page no header. */
export function LegacyFleetPage() {
  const { t } = useMeshTranslation();
  return (
    <Page themeId="tool">
      <Header title={t('fleet.title')} />
      <Content>
        <MeshFleet />
      </Content>
    </Page>
  );
}
