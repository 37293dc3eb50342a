import { type KubeObject, refOf } from '@meshdeck/istio-config';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import type { Subject } from './Subject';

/** What is in the namespace already, as the API server has it now. */
export interface Neighbours {
  /** Of the objects that the manifests name, those that are there. */
  existing: KubeObject[];
  services: KubeObject[];
  /** Pods that are labelled as the new ones will be. */
  pods: KubeObject[];
  workloads: KubeObject[];
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** Read from the API server: what the portal remembers may be minutes old. */
export async function readNeighbours(
  client: KubernetesClient,
  { namespace, name }: Subject,
  manifests: readonly KubeObject[],
): Promise<Neighbours> {
  const [existing, services, pods, workloads] = await Promise.all([
    Promise.all(manifests.map(manifest => client.find(refOf(manifest)))),
    client.list({ apiVersion: 'v1', kind: 'Service', namespace }),
    client.list(
      { apiVersion: 'v1', kind: 'Pod', namespace },
      { labelSelector: `app=${name}` },
    ),
    Promise.all(
      WORKLOADS.map(kind =>
        client.list({ apiVersion: 'apps/v1', kind, namespace }),
      ),
    ),
  ]);
  return {
    existing: existing.flatMap(object => object ?? []),
    services,
    pods,
    workloads: workloads.flat(),
  };
}
