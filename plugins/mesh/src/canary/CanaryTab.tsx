import { useState } from 'react';
import { Button, Text } from '@backstage/ui';
import type { CanaryView, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { AppliedAlert } from '../changes/AppliedAlert';
import { ChangeDialog } from '../changes/ChangeDialog';
import { formatObject } from '../format';
import { FindingsList } from '../view/findings/FindingsList';
import { EditableDrawer } from '../changes/EditableDrawer';
import { type OpenObject } from '../view/drawer/ObjectDrawer';
import { SecondOpinion } from '../view/opinion/SecondOpinion';
import { Section } from '../view/frame/Section';
import { useMeshView } from '../view/fetching/useMeshView';
import { VerdictLine } from '../view/verdict/VerdictLine';
import { MendableView } from '../changes/MendableView';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { HistorySection } from './HistorySection';
import { RolloutSection } from './rollout/RolloutSection';
import { SaturationNotes } from './versions/SaturationNotes';
import { useWeightChange } from './weights/useWeightChange';
import { VersionCharts } from './charts/VersionCharts';
import { VersionsTable } from './versions/VersionsTable';
import { WeightsEditor } from './weights/WeightsEditor';

function VersionsSection(props: {
  view: CanaryView;
  onOpen: (object: OpenObject) => void;
}) {
  const { versions, object } = props.view;
  const { t } = useMeshTranslation();
  return (
    <Section
      title={t('canary.versions')}
      actions={
        object && (
          <Button
            variant="secondary"
            size="small"
            onPress={() => props.onOpen({ object })}
          >
            {formatObject(object)}
          </Button>
        )
      }
    >
      <VersionsTable versions={versions} />
      <SaturationNotes versions={versions} />
    </Section>
  );
}

function NoVersions() {
  const { t } = useMeshTranslation();
  return (
    <Section title={t('canary.noVersions')}>
      <Text>{t('canary.noVersionsFix')}</Text>
    </Section>
  );
}

function Canary(props: {
  view: CanaryView;
  address: ViewAddress;
  onApplied: () => void;
}) {
  const { view, address, onApplied } = props;
  const { t } = useMeshTranslation();
  const [open, setOpen] = useState<OpenObject>();
  const change = useWeightChange(address, onApplied);
  const { object, rollout } = view;

  return (
    <>
      <VerdictLine of={view} on="canary" />
      <SecondOpinion address={address} window={view.window} />
      <AppliedAlert change={change} />
      {rollout && (
        <RolloutSection
          rollout={rollout}
          onOpen={opened => setOpen({ object: opened })}
        />
      )}
      {view.versions.length > 0 && (
        <VersionsSection view={view} onOpen={setOpen} />
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
      {view.provider === 'none' && view.versions.length === 0 && !rollout && (
        <NoVersions />
      )}
      <HistorySection history={view.history} />
      {view.findings.length > 0 && (
        <Section title={t('canary.findings')}>
          <FindingsList findings={view.findings} />
        </Section>
      )}
      <ChangeDialog change={change} why={t('change.reason')} />
      <EditableDrawer
        open={open}
        objects={[object, rollout?.object].filter(known => known !== undefined)}
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
    <MendableView view={mesh}>
      {(view, onApplied) =>
        mesh.address && (
          <Canary
            key={mesh.address.placement}
            view={view}
            address={mesh.address}
            onApplied={onApplied}
          />
        )
      }
    </MendableView>
  );
}
