import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { TopologyNode, TopologyView } from '@meshdeck/plugin-mesh-common';
import { DetailDrawer } from '../view/drawer/DetailDrawer';
import { Facts } from '../view/table/Facts';
import { OwnerLink } from '../view/table/OwnerLink';
import table from '../view/table/table.module.css';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { CallsTable } from './TopologyTables';
import { useTopologyWords } from './useTopologyWords';

function VersionsFact(props: { node: TopologyNode }) {
  const words = useTopologyWords();
  return (
    <ul className={table.plain}>
      {props.node.versions.map(version => (
        <li key={version.version}>
          <strong>{version.version}</strong> {words.version(version)}
        </li>
      ))}
    </ul>
  );
}

function NodeFacts(props: { node: TopologyNode }) {
  const { node } = props;
  const { t } = useMeshTranslation();
  const words = useTopologyWords();
  const kind = node.namespace
    ? t('topology.inNamespace', {
        kind: words.kind(node),
        namespace: node.namespace,
      })
    : words.kind(node);
  const facts = [
    {
      name: t('topology.kind'),
      fact: [kind, words.dataPlane(node)].filter(Boolean).join(', '),
    },
    {
      name: t('topology.inCatalog'),
      fact: node.entityRef ? (
        <EntityRefLink entityRef={node.entityRef} />
      ) : (
        t('topology.notInCatalog')
      ),
    },
    { name: t('words.owner'), fact: <OwnerLink of={node} /> },
  ];
  const versions = {
    name: t('topology.versions'),
    fact: <VersionsFact node={node} />,
  };
  return <Facts of={node.versions.length > 0 ? [...facts, versions] : facts} />;
}

/** One node: what it is, whose it is, and its own calls. */
export function NodeDrawer(props: {
  view: TopologyView;
  id: string | undefined;
  onOpen: (id: string) => void;
  onClose: () => void;
}) {
  const { view, id, onOpen, onClose } = props;
  const node = view.nodes.find(candidate => candidate.id === id);
  return (
    <DetailDrawer
      title={node?.name ?? ''}
      open={node !== undefined}
      onClose={onClose}
    >
      {node && (
        <>
          <NodeFacts node={node} />
          <CallsTable
            view={{
              nodes: view.nodes,
              edges: view.edges.filter(
                ({ from, to }) => from === node.id || to === node.id,
              ),
            }}
            onOpen={onOpen}
          />
        </>
      )}
    </DetailDrawer>
  );
}
