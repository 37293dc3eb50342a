import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { TopologyView } from '@meshdeck/plugin-mesh-common';
import { DetailDrawer } from '../frame/DetailDrawer';
import { CallsTable } from './TopologyTables';
import { DATA_PLANE_WORDS, KIND_WORDS, versionWords } from './words';
import styles from './TopologyTables.module.css';

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
          <dl className={styles.facts}>
            <dt>What it is</dt>
            <dd>
              {KIND_WORDS[node.kind]}
              {node.namespace && ` in namespace ${node.namespace}`}
              {node.dataPlane && `, ${DATA_PLANE_WORDS[node.dataPlane]}`}
            </dd>
            <dt>In the catalog</dt>
            <dd>
              {node.entityRef ? (
                <EntityRefLink entityRef={node.entityRef} />
              ) : (
                'not known, or not for you to see'
              )}
            </dd>
            <dt>Owner</dt>
            <dd>
              {node.owner ? (
                <EntityRefLink entityRef={node.owner} defaultKind="group" />
              ) : (
                'not known'
              )}
            </dd>
            {node.versions.length > 0 && (
              <>
                <dt>Versions</dt>
                <dd>
                  <ul className={styles.versions}>
                    {node.versions.map(version => (
                      <li key={version.version}>
                        <strong>{version.version}</strong>{' '}
                        {versionWords(version)}
                      </li>
                    ))}
                  </ul>
                </dd>
              </>
            )}
          </dl>
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
