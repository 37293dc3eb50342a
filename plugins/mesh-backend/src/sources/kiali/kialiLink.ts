import { pathSegment, type Placement } from '@meshdeck/plugin-mesh-common';
import type { KialiEndpoint } from '../../config/MeshSettings';

/** Where a person sees a service in Kiali: its page, and its place in the graph. */
export function kialiLink(
  { publicUrl, clusterName }: Pick<KialiEndpoint, 'publicUrl' | 'clusterName'>,
  { namespace, service }: Pick<Placement, 'namespace' | 'service'>,
): { details: string; graph: string } {
  const place = `namespaces/${pathSegment(namespace)}/services/${pathSegment(
    service,
  )}`;
  const cluster = clusterName ? { clusterName } : undefined;
  const graph = new URLSearchParams({
    ...cluster,
    graphType: 'versionedApp',
    duration: '900',
    injectServiceNodes: 'true',
  });
  return {
    details: `${publicUrl}/console/${place}${
      cluster ? `?${new URLSearchParams(cluster)}` : ''
    }`,
    graph: `${publicUrl}/console/graph/node/${place}?${graph}`,
  };
}
