import { useState } from 'react';
import { Text } from '@backstage/ui';
import type { SecurityView, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { formatObject, formatShare } from '../format';
import { FindingsList } from '../frame/FindingsList';
import { ObjectDrawer, type OpenObject } from '../frame/ObjectDrawer';
import { SecondOpinion } from '../frame/SecondOpinion';
import { Section } from '../frame/Section';
import { useMeshView } from '../frame/useMeshView';
import { VerdictLine } from '../frame/VerdictLine';
import { ViewFrame } from '../frame/ViewFrame';
import { AccessMatrixTable } from './AccessMatrixTable';
import { CallersTable } from './CallersTable';
import { Certificates } from './Certificates';
import { Denials } from './Denials';
import { IfStrict } from './IfStrict';
import { PortModes } from './PortModes';
import { Tokens } from './Tokens';
import { TryCall } from './TryCall';
import styles from './SecurityTab.module.css';

function Security(props: { view: SecurityView; address: ViewAddress }) {
  const { view, address } = props;
  const [open, setOpen] = useState<OpenObject>();
  return (
    <>
      <VerdictLine of={view.verdict} on="security" />
      <SecondOpinion address={address} window={view.window} />
      <Section
        title="mTLS per port"
        note={
          view.mtlsShare !== undefined &&
          `${formatShare(view.mtlsShare)} of requests come encrypted`
        }
      >
        <PortModes ports={view.ports} onOpen={object => setOpen({ object })} />
      </Section>
      <Section title="Callers" note="seen calling, or named by a policy">
        <CallersTable callers={view.callers} />
      </Section>
      {view.callers.length > 0 && (
        <Section
          title="Who may call"
          note="callers by operation, as the policies have it"
        >
          <AccessMatrixTable callers={view.callers} />
        </Section>
      )}
      <Section
        title={
          view.ifStrict.isStrict ? 'Cut off by STRICT' : 'If it went STRICT'
        }
        note="who calls without mTLS, seen or by configuration"
      >
        <IfStrict outlook={view.ifStrict} />
      </Section>
      <Section title="Denials" note="answered 403 in this time window">
        <Denials callers={view.callers} />
      </Section>
      <TryCall view={view} address={address} />
      <Certificates address={address} />
      <Section title="Tokens" note="what the mesh makes of JWTs">
        <Tokens tokens={view.tokens} onOpen={object => setOpen({ object })} />
      </Section>
      {view.findings.length > 0 && (
        <Section title="Findings">
          <FindingsList
            findings={view.findings}
            onOpen={(object, path) => setOpen({ object, path })}
          />
        </Section>
      )}
      <Section title="Policies">
        {view.policies.length === 0 ? (
          <Text>
            No policy selects this service: every caller may do everything.
          </Text>
        ) : (
          <ul className={styles.policies}>
            {view.policies.map(policy => (
              <li key={formatObject(policy)}>
                <button
                  type="button"
                  className={styles.object}
                  onClick={() => setOpen({ object: policy })}
                >
                  {formatObject(policy)}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <ObjectDrawer
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
    <ViewFrame view={mesh}>
      {view =>
        mesh.address && (
          <Security
            key={mesh.address.placement}
            view={view}
            address={mesh.address}
          />
        )
      }
    </ViewFrame>
  );
}
