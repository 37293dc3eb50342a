import { Content, Header, Page } from '@backstage/core-components';
import { MeshFleet } from './MeshFleet';

/** The old frontend system gives a page no header. */
export function LegacyFleetPage() {
  return (
    <Page themeId="tool">
      <Header title="Mesh" />
      <Content>
        <MeshFleet />
      </Content>
    </Page>
  );
}
