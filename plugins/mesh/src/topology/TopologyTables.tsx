import { Text } from '@backstage/ui';
import type {
  TopologyEdge,
  TopologyNode,
  TopologyView,
} from '@meshdeck/plugin-mesh-common';
import { FirstRows } from '../view/table/FirstRows';
import { Name } from '../view/table/Name';
import { OwnerLink } from '../view/table/OwnerLink';
import { ScrollTable } from '../view/table/ScrollTable';
import { StatusMark, type StatusLevel } from '../view/verdict/StatusMark';
import table from '../view/table/table.module.css';
import { TextButton } from '../view/table/TextButton';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { isNotable, useTopologyWords } from './useTopologyWords';
import styles from './TopologyTables.module.css';

const MTLS_LEVELS: Record<TopologyEdge['mtls'], StatusLevel> = {
  yes: 'ok',
  no: 'error',
  partly: 'warning',
  unknown: 'unknown',
};

/** Longer tables show their first rows until somebody wants all. */
const FIRST_ROWS = 50;

function NodeButton(props: {
  node: TopologyNode | undefined;
  onOpen: (id: string) => void;
}) {
  const { node, onOpen } = props;
  return node ? (
    <TextButton onPress={() => onOpen(node.id)}>
      <Name>{node.name}</Name>
    </TextButton>
  ) : null;
}

function CallRow(props: {
  edge: TopologyEdge;
  nodes: Map<string, TopologyNode>;
  onOpen: (id: string) => void;
}) {
  const { edge, nodes, onOpen } = props;
  const format = useFormat();
  const words = useTopologyWords();
  return (
    <tr>
      <th scope="row">
        <NodeButton node={nodes.get(edge.from)} onOpen={onOpen} />
      </th>
      <td>
        <NodeButton node={nodes.get(edge.to)} onOpen={onOpen} />
      </td>
      <td className={table.number}>
        {words.rate(edge)}
        {edge.protocol === 'tcp' && ' (TCP)'}
      </td>
      <td className={table.number}>
        {isNotable(edge) ? (
          <StatusMark level="warning" size={14}>
            {words.errors(edge)}
          </StatusMark>
        ) : (
          words.errors(edge)
        )}
      </td>
      <td className={table.number}>{format.ms(edge.p99Ms)}</td>
      <td className={table.number}>
        <StatusMark level={MTLS_LEVELS[edge.mtls]} size={14}>
          {words.mtls(edge)}
        </StatusMark>
      </td>
    </tr>
  );
}

/** Every edge of the graph, the busiest first. */
export function CallsTable(props: {
  view: Pick<TopologyView, 'nodes' | 'edges'>;
  onOpen: (id: string) => void;
}) {
  const { view, onOpen } = props;
  const { t } = useMeshTranslation();
  const nodes = new Map(view.nodes.map(node => [node.id, node]));
  if (view.edges.length === 0) {
    return <Text>{t('topology.noCalls')}</Text>;
  }
  return (
    <FirstRows
      of={view.edges}
      first={FIRST_ROWS}
      all={t('topology.allCalls', { count: view.edges.length })}
    >
      {rows => (
        <ScrollTable
          label={t('topology.calls')}
          head={
            <tr>
              <th scope="col">{t('topology.from')}</th>
              <th scope="col">{t('topology.to')}</th>
              <th scope="col">{t('topology.rate')}</th>
              <th scope="col">{t('topology.errors')}</th>
              <th scope="col">{t('topology.p99')}</th>
              <th scope="col">{t('topology.mtls')}</th>
            </tr>
          }
        >
          {rows.map(edge => (
            <CallRow
              key={`${edge.from} ${edge.to} ${edge.protocol}`}
              edge={edge}
              nodes={nodes}
              onOpen={onOpen}
            />
          ))}
        </ScrollTable>
      )}
    </FirstRows>
  );
}

function NodeRow(props: { node: TopologyNode; onOpen: (id: string) => void }) {
  const { node, onOpen } = props;
  const words = useTopologyWords();
  return (
    <tr>
      <th scope="row">
        <NodeButton node={node} onOpen={onOpen} />
        {node.namespace && <div className={table.quiet}>{node.namespace}</div>}
      </th>
      <td>
        {words.kind(node)}
        {node.dataPlane && (
          <div className={table.quiet}>{words.dataPlane(node)}</div>
        )}
      </td>
      <td className={styles.versions}>
        <ul className={table.plain}>
          {node.versions.map(version => (
            <li key={version.version}>
              {version.version}{' '}
              <span className={table.quiet}>{words.version(version)}</span>
            </li>
          ))}
        </ul>
      </td>
      <td>
        <OwnerLink of={node} />
      </td>
    </tr>
  );
}

/** Every node of the graph with its versions. */
export function NodesTable(props: {
  nodes: TopologyNode[];
  onOpen: (id: string) => void;
}) {
  const { nodes, onOpen } = props;
  const { t } = useMeshTranslation();
  return (
    <FirstRows
      of={nodes}
      first={FIRST_ROWS}
      all={t('topology.allServices', { count: nodes.length })}
    >
      {rows => (
        <ScrollTable
          label={t('topology.services')}
          head={
            <tr>
              <th scope="col">{t('topology.name')}</th>
              <th scope="col">{t('topology.kind')}</th>
              <th scope="col">{t('topology.versions')}</th>
              <th scope="col">{t('words.owner')}</th>
            </tr>
          }
        >
          {rows.map(node => (
            <NodeRow key={node.id} node={node} onOpen={onOpen} />
          ))}
        </ScrollTable>
      )}
    </FirstRows>
  );
}
