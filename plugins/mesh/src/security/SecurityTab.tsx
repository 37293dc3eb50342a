import { useState } from 'react';
import { Text } from '@backstage/ui';
import type {
  ObjectRef,
  ObjectYaml,
  SecurityView,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { FindingsList } from '../view/findings/FindingsList';
import { EditableDrawer } from '../changes/EditableDrawer';
import { type OpenObject } from '../view/drawer/ObjectDrawer';
import { SecondOpinion } from '../view/opinion/SecondOpinion';
import { Section } from '../view/frame/Section';
import table from '../view/table/table.module.css';
import { TextButton } from '../view/table/TextButton';
import { useMeshView } from '../view/fetching/useMeshView';
import { VerdictLine } from '../view/verdict/VerdictLine';
import { ChangeForm } from '../changes/ChangeForm';
import { MendableView } from '../changes/MendableView';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { AccessMatrixTable } from './AccessMatrixTable';
import { CallersTable } from './CallersTable';
import { Certificates } from './Certificates';
import { Denials } from './Denials';
import { IfStrict } from './IfStrict';
import { PortModes } from './PortModes';
import { Tokens } from './Tokens';
import { TryCall } from './TryCall';

function PoliciesSection(props: {
  policies: ObjectYaml[];
  onOpen: (object: ObjectRef) => void;
}) {
  const { policies, onOpen } = props;
  const { t } = useMeshTranslation();
  return (
    <Section title={t('security.policies')}>
      {policies.length === 0 ? (
        <Text>{t('security.noPolicies')}</Text>
      ) : (
        <ul className={table.plain}>
          {policies.map(policy => (
            <li key={formatObject(policy)}>
              <TextButton onPress={() => onOpen(policy)}>
                {formatObject(policy)}
              </TextButton>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Who calls, who may, and who could not any more if all had to encrypt. */
function AccessSections(props: { view: SecurityView }) {
  const { callers, ifStrict } = props.view;
  const { t } = useMeshTranslation();
  return (
    <>
      <Section title={t('security.callers')} note={t('security.callersNote')}>
        <CallersTable callers={callers} />
      </Section>
      {callers.length > 0 && (
        <Section title={t('security.matrix')} note={t('security.matrixNote')}>
          <AccessMatrixTable callers={callers} />
        </Section>
      )}
      <Section
        title={
          ifStrict.isStrict ? t('security.isStrict') : t('security.ifStrict')
        }
        note={t('security.strictNote')}
      >
        <IfStrict outlook={ifStrict} />
      </Section>
      <Section title={t('security.denials')} note={t('security.denialsNote')}>
        <Denials callers={callers} />
      </Section>
    </>
  );
}

/** What can be changed of who gets in, and of what runs. */
function SecurityChanges(props: { view: SecurityView }) {
  const { ports } = props.view;
  const { t } = useMeshTranslation();
  const workload = [...new Set(ports.map(port => port.workload))];
  const about = t('intents.forService');
  return (
    <>
      <Section title={t('intents.titleAccess')} note={t('intents.titleNote')}>
        <ChangeForm
          intents={['mtls', 'allowCaller', 'denyByDefault']}
          about={about}
        />
      </Section>
      {workload.length > 0 && (
        <Section title={t('intents.titleRun')} note={t('intents.titleNote')}>
          <ChangeForm
            intents={['enrolment', 'restart', 'proxyResources']}
            subject={{ choices: { workload } }}
            about={about}
          />
        </Section>
      )}
    </>
  );
}

function Security(props: { view: SecurityView; address: ViewAddress }) {
  const { view, address } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<OpenObject>();
  const openObject = (object: ObjectRef) => setOpen({ object });
  return (
    <>
      <VerdictLine of={view} on="security" />
      <SecondOpinion address={address} window={view.window} />
      <Section
        title={t('security.ports')}
        note={
          view.mtlsShare !== undefined &&
          t('security.portsNote', { share: format.share(view.mtlsShare) })
        }
      >
        <PortModes ports={view.ports} onOpen={openObject} />
      </Section>
      <AccessSections view={view} />
      <SecurityChanges view={view} />
      <TryCall view={view} address={address} />
      <Certificates address={address} />
      <Section title={t('security.tokens')} note={t('security.tokensNote')}>
        <Tokens tokens={view.tokens} onOpen={openObject} />
      </Section>
      {view.findings.length > 0 && (
        <Section title={t('security.findings')}>
          <FindingsList
            findings={view.findings}
            onOpen={(object, path) => setOpen({ object, path })}
          />
        </Section>
      )}
      <PoliciesSection policies={view.policies} onOpen={openObject} />
      <EditableDrawer
        open={open}
        objects={view.policies}
        findings={view.findings}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}

/** Who may talk to this service, and how. */
export function SecurityTab() {
  const mesh = useMeshView('security');
  return (
    <MendableView view={mesh}>
      {view =>
        mesh.address && (
          <Security
            key={mesh.address.placement}
            view={view}
            address={mesh.address}
          />
        )
      }
    </MendableView>
  );
}
