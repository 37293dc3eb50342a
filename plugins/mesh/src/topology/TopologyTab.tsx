import { useMemo, useState } from 'react';
import { RELATION_PART_OF } from '@backstage/catalog-model';
import { getEntityRelations, useEntity } from '@backstage/plugin-catalog-react';
import { Select } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import {
  TOPOLOGY_SCOPES,
  type TopologyScope,
  type TopologyView,
} from '@meshdeck/plugin-mesh-common';
import { Section } from '../view/frame/Section';
import { useMeshView } from '../view/fetching/useMeshView';
import { VerdictLine } from '../view/verdict/VerdictLine';
import { MendableView } from '../changes/MendableView';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { NodeDrawer } from './NodeDrawer';
import { TopologyGraph } from './TopologyGraph';
import { CallsTable, NodesTable } from './TopologyTables';

/** The scope stands in the address, like placement and time. */
function useScope(): [TopologyScope, (scope: TopologyScope) => void] {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('scope');
  return [
    TOPOLOGY_SCOPES.find(scope => scope === asked) ?? 'service',
    scope =>
      setSearch(
        previous => {
          const next = new URLSearchParams(previous);
          next.set('scope', scope);
          return next;
        },
        { replace: true },
      ),
  ];
}

function ScopeSelect(props: {
  scope: TopologyScope;
  system: string;
  onSelect: (scope: TopologyScope) => void;
}) {
  const { scope, system, onSelect } = props;
  const { t } = useMeshTranslation();
  return (
    <Select
      size="small"
      aria-label={t('topology.scope')}
      options={[
        { id: 'service', label: t('topology.thisService') },
        { id: 'system', label: t('topology.wholeSystem', { system }) },
      ]}
      value={scope}
      onChange={chosen => {
        const known = TOPOLOGY_SCOPES.find(candidate => candidate === chosen);
        if (known) onSelect(known);
      }}
    />
  );
}

function Topology(props: {
  view: TopologyView;
  scope: TopologyScope;
  onScope: (scope: TopologyScope) => void;
}) {
  const { view, scope, onScope } = props;
  const { t } = useMeshTranslation();
  const { entity } = useEntity();
  const [system] = getEntityRelations(entity, RELATION_PART_OF, {
    kind: 'system',
  });
  const [open, setOpen] = useState<string>();
  // A poll that brought the same draws nothing again.
  const drawn = JSON.stringify([view.nodes, view.edges]);
  const { nodes, edges } = useMemo(() => {
    const [allNodes, allEdges] = JSON.parse(drawn);
    return { nodes: allNodes, edges: allEdges };
  }, [drawn]);
  return (
    <>
      <VerdictLine of={view} on="topology" />
      <Section
        title={t('topology.title')}
        actions={
          system && (
            <ScopeSelect
              scope={scope}
              system={system.name}
              onSelect={onScope}
            />
          )
        }
      >
        <TopologyGraph nodes={nodes} edges={edges} onOpen={setOpen} />
      </Section>
      <Section title={t('topology.calls')} note={t('topology.callsNote')}>
        <CallsTable view={view} onOpen={setOpen} />
      </Section>
      <Section title={t('topology.servicesAndVersions')}>
        <NodesTable nodes={view.nodes} onOpen={setOpen} />
      </Section>
      <NodeDrawer
        view={view}
        id={open}
        onOpen={setOpen}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}

/** Who calls the service, whom it calls, and how that goes. */
export function TopologyTab() {
  const [scope, setScope] = useScope();
  const mesh = useMeshView('topology', { scope });
  return (
    <MendableView view={mesh}>
      {view => (
        <Topology
          key={view.placement.id}
          view={view}
          scope={scope}
          onScope={setScope}
        />
      )}
    </MendableView>
  );
}
