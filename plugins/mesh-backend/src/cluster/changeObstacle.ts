import type { ClusterSnapshot } from './ClusterStore';
import { inWords } from './clusterStatus';

/**
 * Why a change has to wait: something that it is judged by is not known now. Undefined where everything that it needs is;
 * other kinds that cannot be read keep nobody from it.
 */
export function changeObstacle(
  { source, unread }: Pick<ClusterSnapshot, 'source' | 'unread'>,
  change: { cluster: string; needs: readonly string[] },
): string | undefined {
  if (source.status === 'stale' || source.status === 'down') {
    return source.message ?? 'The cluster cannot be read.';
  }
  const missing = unread.filter(({ kind }) => change.needs.includes(kind));
  return missing.length > 0
    ? `${inWords(
        missing,
        change.cluster,
      )}, and without that nobody knows whether this is safe. Try again in a while, or ask who runs the cluster.`
    : undefined;
}
