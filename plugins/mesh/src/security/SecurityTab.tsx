import { useState } from 'react';
import { Text } from '@backstage/ui';
import type { SecurityView, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { formatObject, formatShare } from '../format';
import { FindingsList } from '../frame/FindingsList';
import { ObjectDrawer, type OpenObject } from '../frame/ObjectDrawer';
import { Section } from '../frame/Section';
import { useMeshView } from '../frame/useMeshView';
import { VerdictLine } from '../frame/VerdictLine';
import { ViewFrame } from '../frame/ViewFrame';
import { CallersTable } from './CallersTable';
import { PortModes } from './PortModes';
import { TryCall } from './TryCall';
import styles from './SecurityTab.module.css';

function Security(props: { view: SecurityView; address: ViewAddress }) {
  const { view, address } = props;
  const [open, setOpen] = useState<OpenObject>();
  return (
    <>
      <VerdictLine of={view.verdict} on="security" />
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
      <TryCall view={view} address={address} />
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
