import { useState } from 'react';
import type {
  ObjectRef,
  ObjectYaml,
  SecurityView,
  StrictOutlook,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { FindingsList } from '../view/findings/FindingsList';
import { EditableDrawer } from '../changes/EditableDrawer';
import { type OpenObject } from '../view/drawer/ObjectDrawer';
import { OpinionWords, useSecondOpinion } from '../view/opinion/SecondOpinion';
import { Fold } from '../view/frame/Fold';
import { Section } from '../view/frame/Section';
import table from '../view/table/table.module.css';
import { TextButton } from '../view/table/TextButton';
import { useMeshView } from '../view/fetching/useMeshView';
import { StatusMark } from '../view/verdict/StatusMark';
import { VerdictLine } from '../view/verdict/VerdictLine';
import { ChangeForm } from '../changes/ChangeForm';
import { MendableView } from '../changes/MendableView';
import { useFormat } from '../translations/useFormat';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';
import { AccessMatrixTable } from './AccessMatrixTable';
import { CallersTable } from './CallersTable';
import { Certificates } from './Certificates';
import { callerRows } from './callerRows';
import { PortModes } from './PortModes';
import { Tokens } from './Tokens';
import { TryCall } from './TryCall';

const OF_ACCESS = ['mtls', 'allowCaller', 'denyByDefault'] as const;
const OF_RUN = ['enrolment', 'restart', 'proxyResources'] as const;

function PoliciesFold(props: {
  policies: ObjectYaml[];
  onOpen: (object: ObjectRef) => void;
}) {
  const { policies, onOpen } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  return (
    <Fold
      id="policies"
      title={t('security.policies')}
      note={
        policies.length === 0
          ? t('security.noPolicies')
          : format.number(policies.length)
      }
    >
      <ul className={table.plain}>
        {policies.map(policy => (
          <li key={formatObject(policy)}>
            <TextButton onPress={() => onOpen(policy)}>
              {formatObject(policy)}
            </TextButton>
          </li>
        ))}
      </ul>
    </Fold>
  );
}

/** What STRICT does or would do to those who call, in a line. */
function strictSummary(
  { isStrict, isWatched, breaks }: StrictOutlook,
  t: Translate,
) {
  const count = breaks.length;
  if (count > 0) {
    return isStrict
      ? ({ level: 'error', words: t('strict.isCutOff', { count }) } as const)
      : ({
          level: 'warning',
          words: t('strict.wouldBeCutOff', { count }),
        } as const);
  }
  if (!isWatched) {
    return { level: 'unknown', words: t('strict.unknown') } as const;
  }
  return {
    level: 'ok',
    words: isStrict ? t('strict.isWell') : t('strict.wouldBeWell'),
  } as const;
}

function CallersSection(props: {
  view: SecurityView;
  onOpen: (object: ObjectRef) => void;
}) {
  const { callers, ifStrict } = props.view;
  const { t } = useMeshTranslation();
  const { level, words } = strictSummary(ifStrict, t);
  return (
    <Section title={t('security.callers')} note={t('security.callersNote')}>
      <StatusMark level={level}>{words}</StatusMark>
      <CallersTable
        rows={callerRows(callers, ifStrict)}
        isStrict={ifStrict.isStrict}
        isWatched={ifStrict.isWatched}
        onOpen={props.onOpen}
      />
    </Section>
  );
}

/** What can be changed of who gets in, and of what runs. */
function SecurityChanges(props: { view: SecurityView }) {
  const { ports } = props.view;
  const { t } = useMeshTranslation();
  const workload = [...new Set(ports.map(port => port.workload))];
  return (
    <Section title={t('intents.titleAccess')} note={t('intents.titleNote')}>
      <ChangeForm
        intents={workload.length > 0 ? [...OF_ACCESS, ...OF_RUN] : OF_ACCESS}
        subject={{ choices: { workload } }}
        about={t('intents.forService')}
      />
    </Section>
  );
}

/** What is asked less often: one line each until it is opened. */
function SecurityFolds(props: {
  view: SecurityView;
  address: ViewAddress;
  onOpen: (object: ObjectRef) => void;
}) {
  const { view, address, onOpen } = props;
  const { t } = useMeshTranslation();
  const second = useSecondOpinion(address, view.window);
  return (
    <>
      {view.callers.length > 0 && (
        <Fold
          id="matrix"
          title={t('security.matrix')}
          note={t('security.matrixNote')}
        >
          <AccessMatrixTable callers={view.callers} />
        </Fold>
      )}
      <Certificates address={address} />
      <Fold
        id="tokens"
        title={t('security.tokens')}
        note={view.tokens.sentence}
      >
        <Tokens tokens={view.tokens} onOpen={onOpen} />
      </Fold>
      <PoliciesFold policies={view.policies} onOpen={onOpen} />
      {second && (
        <Fold
          id="opinion"
          title={t('opinion.label')}
          note={second.opinion.differs}
        >
          <OpinionWords {...second} />
        </Fold>
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
      <Section
        title={t('security.ports')}
        note={
          view.mtlsShare !== undefined &&
          t('security.portsNote', { share: format.share(view.mtlsShare) })
        }
      >
        <PortModes ports={view.ports} onOpen={openObject} />
      </Section>
      <CallersSection view={view} onOpen={openObject} />
      <TryCall view={view} address={address} />
      {view.findings.length > 0 && (
        <Section title={t('security.findings')}>
          <FindingsList
            findings={view.findings}
            onOpen={(object, path) => setOpen({ object, path })}
          />
        </Section>
      )}
      <SecurityChanges view={view} />
      <SecurityFolds view={view} address={address} onOpen={openObject} />
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
