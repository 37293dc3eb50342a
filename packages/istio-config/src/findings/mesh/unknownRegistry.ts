import { parse } from 'yaml';
import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

const BUILT_IN = ['Mock', 'Kubernetes', 'External'];

/** MeshNetworks name a cluster that no remote secret introduces. */
export const unknownRegistry = defineFinding({
  code: 'IST0126',
  level: 'error',
  scope: 'mesh',
  inputs: ['MeshNetworks', 'ConfigMap'],
  source: 'istio: pkg/config/analysis/analyzers/multicluster/meshnetworks.go',
  *find({ MeshNetworks: given, ConfigMap: configMaps }, set) {
    const known = new Set([
      ...BUILT_IN,
      ...set
        .all('Secret')
        .filter(
          secret => secret.metadata.labels?.['istio/multiCluster'] === 'true',
        )
        .flatMap(secret => fieldsOf(secret.data).map(([name]) => name)),
    ]);
    const inMesh = set.knows('Secret') ? configMaps : [];
    for (const { object, networks } of [
      ...given.map(own => ({ object: own, networks: own.networks })),
      ...inMesh
        .filter(
          ({ metadata }) =>
            metadata.name === 'istio' &&
            metadata.namespace === set.meshConfig.rootNamespace,
        )
        .map(own => ({ object: own, networks: networksIn(own) })),
    ]) {
      for (const [network, body] of fieldsOf(networks)) {
        for (const [index, endpoint] of itemsOf(body?.endpoints).entries()) {
          const registry: unknown = endpoint?.fromRegistry;
          if (typeof registry === 'string' && !known.has(registry)) {
            yield {
              resource: object,
              path: `networks.${network}.endpoints[${index}].fromRegistry`,
              message: `Network ${network} takes endpoints from the cluster ${registry}, of which there is no remote secret: none of its endpoints belong to the network.`,
              fix: 'Correct the name, or add the remote secret of that cluster (istioctl create-remote-secret).',
            };
          }
        }
      }
    }
  },
});

function networksIn(configMap: KubeObject): unknown {
  const text: unknown = configMap.data?.meshNetworks;
  if (typeof text !== 'string') {
    return undefined;
  }
  try {
    return parse(text, { maxAliasCount: 100 })?.networks;
  } catch {
    return undefined;
  }
}
