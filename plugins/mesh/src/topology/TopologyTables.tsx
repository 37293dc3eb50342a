import { useState } from 'react';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Button, Text } from '@backstage/ui';
import type {
  TopologyEdge,
  TopologyNode,
  TopologyView,
} from '@meshdeck/plugin-mesh-common';
import { formatCount, formatMs } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { StatusMark, type StatusLevel } from '../frame/StatusMark';
import {
  DATA_PLANE_WORDS,
  errorWords,
  isNotable,
  KIND_WORDS,
  MTLS_WORDS,
  rateWords,
  versionWords,
} from './words';
import styles from './TopologyTables.module.css';

const MTLS_LEVELS: Record<TopologyEdge['mtls'], StatusLevel> = {
  yes: 'ok',
  no: 'error',
  partly: 'warning',
  unknown: 'unknown',
};

/** Longer tables show their first rows until somebody wants all. */
const FIRST_ROWS = 50;

function useRows<T>(all: T[], noun: string) {
  const [isWhole, setIsWhole] = useState(false);
  const isCut = !isWhole && all.length > FIRST_ROWS;
  return {
    rows: isCut ? all.slice(0, FIRST_ROWS) : all,
    more: isCut && (
      <Button size="small" variant="secondary" onPress={() => setIsWhole(true)}>
        {`Show all ${formatCount(all.length, noun)}`}
      </Button>
    ),
  };
}

function NodeButton(props: {
  node: TopologyNode;
  onOpen: (id: string) => void;
}) {
  const { node, onOpen } = props;
  return (
    <button
      type="button"
      className={styles.node}
      onClick={() => onOpen(node.id)}
    >
      {node.name}
    </button>
  );
}

/** Every edge of the graph, the busiest first. */
export function CallsTable(props: {
  view: Pick<TopologyView, 'nodes' | 'edges'>;
  onOpen: (id: string) => void;
}) {
  const { view, onOpen } = props;
  const nodes = new Map(view.nodes.map(node => [node.id, node]));
  const { rows, more } = useRows(view.edges, 'call');
  if (view.edges.length === 0) {
    return (
      <Text>
        No calls were seen in this time window, in either direction. A longer
        one may show some.
      </Text>
    );
  }
  return (
    <>
      <ScrollTable
        label="Calls"
        head={
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Rate</th>
            <th scope="col">Errors</th>
            <th scope="col">p99</th>
            <th scope="col">mTLS</th>
          </tr>
        }
      >
        {rows.map(edge => (
          <tr key={`${edge.from} ${edge.to} ${edge.protocol}`}>
            <th scope="row">
              <NodeButton node={nodes.get(edge.from)!} onOpen={onOpen} />
            </th>
            <td>
              <NodeButton node={nodes.get(edge.to)!} onOpen={onOpen} />
            </td>
            <td className={styles.number}>
              {rateWords(edge)}
              {edge.protocol === 'tcp' && ' (TCP)'}
            </td>
            <td className={styles.number}>
              {isNotable(edge) ? (
                <StatusMark level="warning" size={14}>
                  {errorWords(edge)}
                </StatusMark>
              ) : (
                errorWords(edge)
              )}
            </td>
            <td className={styles.number}>{formatMs(edge.p99Ms)}</td>
            <td className={styles.number}>
              <StatusMark level={MTLS_LEVELS[edge.mtls]} size={14}>
                {edge.mtls === 'unknown' ? 'not known' : MTLS_WORDS[edge.mtls]}
              </StatusMark>
            </td>
          </tr>
        ))}
      </ScrollTable>
      {more}
    </>
  );
}

/** Every node of the graph with its versions. */
export function NodesTable(props: {
  nodes: TopologyNode[];
  onOpen: (id: string) => void;
}) {
  const { nodes, onOpen } = props;
  const { rows, more } = useRows(nodes, 'service');
  return (
    <>
      <ScrollTable
        label="Services"
        head={
          <tr>
            <th scope="col">Name</th>
            <th scope="col">What it is</th>
            <th scope="col">Versions</th>
            <th scope="col">Owner</th>
          </tr>
        }
      >
        {rows.map(node => (
          <tr key={node.id}>
            <th scope="row">
              <NodeButton node={node} onOpen={onOpen} />
              {node.namespace && (
                <div className={styles.quiet}>{node.namespace}</div>
              )}
            </th>
            <td>
              {KIND_WORDS[node.kind]}
              {node.dataPlane && (
                <div className={styles.quiet}>
                  {DATA_PLANE_WORDS[node.dataPlane]}
                </div>
              )}
            </td>
            <td>
              <ul className={styles.versions}>
                {node.versions.map(version => (
                  <li key={version.version}>
                    {version.version}{' '}
                    <span className={styles.quiet}>
                      {versionWords(version)}
                    </span>
                  </li>
                ))}
              </ul>
            </td>
            <td>
              {node.owner ? (
                <EntityRefLink entityRef={node.owner} defaultKind="group" />
              ) : (
                <span className={styles.quiet}>not known</span>
              )}
            </td>
          </tr>
        ))}
      </ScrollTable>
      {more}
    </>
  );
}
