import { useCallback, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  RoutesView,
  TryRouteRequest,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { formatObject } from '../format';
import { FindingsList } from '../view/findings/FindingsList';
import { EditableDrawer } from '../changes/EditableDrawer';
import { type OpenObject } from '../view/drawer/ObjectDrawer';
import { Section } from '../view/frame/Section';
import { StatusMark } from '../view/verdict/StatusMark';
import { useMeshView } from '../view/fetching/useMeshView';
import { useRequest } from '../view/fetching/useRequest';
import { VerdictLine } from '../view/verdict/VerdictLine';
import { ChangeForm } from '../changes/ChangeForm';
import { MendableView } from '../changes/MendableView';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { DecisionList } from './DecisionList';
import { Surroundings } from './Surroundings';
import { TryRequest } from './TryRequest';

function Routes(props: { view: RoutesView; address: ViewAddress }) {
  const { view, address } = props;
  const api = useApi(meshApiRef);
  const { t } = useMeshTranslation();
  const [open, setOpen] = useState<OpenObject>();
  const attempt = useRequest(
    useCallback(
      (request: TryRouteRequest) => api.tryRoute(address, request),
      [api, address],
    ),
  );

  return (
    <>
      <VerdictLine of={view} on="routes" />
      <Section
        title={t('routes.title')}
        note={t('routes.note', { host: view.host })}
      >
        {view.outOfScope && (
          <StatusMark level="warning">{view.outOfScope}</StatusMark>
        )}
        <DecisionList
          rules={view.rules}
          versions={view.versions}
          attempt={attempt.result}
          onOpen={setOpen}
        />
      </Section>
      <Section title={t('intents.title')} note={t('intents.titleNote')}>
        <ChangeForm
          intents={['breaker', 'balancing']}
          about={t('intents.forService')}
        />
      </Section>
      <TryRequest view={view} attempt={attempt} />
      {view.findings.length > 0 && (
        <Section title={t('routes.findings')} note={t('routes.findingsNote')}>
          <FindingsList
            findings={view.findings}
            onOpen={(object, path) => setOpen({ object, path })}
          />
        </Section>
      )}
      <Surroundings
        view={view}
        onOpen={object => setOpen({ object, title: formatObject(object) })}
      />
      <EditableDrawer
        open={open}
        objects={view.objects}
        findings={view.findings}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}

/** What happens to a request to this service. */
export function RoutesTab() {
  const mesh = useMeshView('routes');
  return (
    <MendableView view={mesh}>
      {view =>
        mesh.address && (
          <Routes
            key={mesh.address.placement}
            view={view}
            address={mesh.address}
          />
        )
      }
    </MendableView>
  );
}
