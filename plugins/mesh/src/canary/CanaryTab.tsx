import { useState } from 'react';
import { Alert, Button, Text } from '@backstage/ui';
import type { CanaryView, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { FindingsList } from '../frame/FindingsList';
import { ObjectDrawer, type OpenObject } from '../frame/ObjectDrawer';
import { Section } from '../frame/Section';
import { useMeshView } from '../frame/useMeshView';
import { VerdictLine } from '../frame/VerdictLine';
import { ViewFrame } from '../frame/ViewFrame';
import { ChangeDialog } from './ChangeDialog';
import { useWeightChange } from './useWeightChange';
import { VersionCharts } from './VersionCharts';
import { VersionsTable } from './VersionsTable';
import { WeightsEditor } from './WeightsEditor';

function Canary(props: {
  view: CanaryView;
  address: ViewAddress;
  refresh: () => void;
}) {
  const { view, address, refresh } = props;
  const [open, setOpen] = useState<OpenObject>();
  const change = useWeightChange(address, refresh);
  const { object } = view;

  return (
    <>
      <VerdictLine of={view.verdict} on="canary" />
      {change.applied && (
        <Alert
          role="status"
          status="success"
          icon
          title="Applied"
          description={change.applied}
          customActions={
            <Button variant="tertiary" size="small" onPress={change.close}>
              Dismiss
            </Button>
          }
        />
      )}
      {view.versions.length > 0 && (
        <Section
          title="Versions side by side"
          actions={
            object && (
              <Button
                variant="secondary"
                size="small"
                onPress={() => setOpen({ object })}
              >
                {formatObject(object)}
              </Button>
            )
          }
        >
          <VersionsTable versions={view.versions} />
        </Section>
      )}
      {view.provider !== 'none' && (
        <WeightsEditor
          // After a change the editor starts from what the cluster has.
          key={change.changes}
          rules={view.rules}
          cannotChange={view.cannotChange}
          onPreview={change.preview}
        />
      )}
      {view.versions.length > 0 && <VersionCharts versions={view.versions} />}
      {view.provider === 'none' && view.versions.length === 0 && (
        <Section title="No versions to compare">
          <Text>
            A canary needs a DestinationRule with one subset per version and a
            VirtualService whose rule splits its requests between them. As soon
            as there are both, they show here side by side.
          </Text>
        </Section>
      )}
      {view.findings.length > 0 && (
        <Section title="Findings">
          <FindingsList findings={view.findings} />
        </Section>
      )}
      <ChangeDialog change={change} />
      <ObjectDrawer
        open={open}
        objects={object ? [object] : []}
        findings={view.findings}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}

/** The versions of the service side by side, and the traffic between them. */
export function CanaryTab() {
  const mesh = useMeshView('canary');
  return (
    <ViewFrame view={mesh}>
      {view =>
        mesh.address && (
          <Canary
            key={mesh.address.placement}
            view={view}
            address={mesh.address}
            refresh={mesh.refresh}
          />
        )
      }
    </ViewFrame>
  );
}
