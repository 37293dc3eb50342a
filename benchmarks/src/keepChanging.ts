import type { GeneratedMesh } from './GeneratedMesh';
import { pause } from './waiting';

const RULES = '/apis/networking.istio.io/v1';

interface Rule {
  metadata: {
    namespace: string;
    name: string;
    annotations?: Record<string, string>;
  };
}

/**
 * Writes one VirtualService so many times a second: a cluster changes all the time. Answers what ends it and tells how
 * often it changed.
 *
 * @throws where a change failed: what was measured was no changing cluster.
 */
export async function keepChanging(
  mesh: GeneratedMesh,
  perSecond: number,
): Promise<() => Promise<number>> {
  if (!(perSecond > 0)) {
    return async () => 0;
  }
  const { kubernetes } = mesh;
  const { items } = await kubernetes.get<{ items: Rule[] }>(
    `${RULES}/virtualservices?limit=1`,
  );
  const { namespace, name } = items[0].metadata;
  const path = `${RULES}/namespaces/${namespace}/virtualservices/${name}`;
  let isChanging = true;
  const change = async () => {
    let count = 0;
    while (isChanging) {
      count += 1;
      const rule = await kubernetes.get<Rule>(path);
      rule.metadata.annotations = { changed: String(count) };
      await kubernetes.put(path, rule);
      await pause(1000 / perSecond);
    }
    return count;
  };
  const changing = change();
  // Whoever ends it hears of a failure.
  changing.catch(() => undefined);
  return () => {
    isChanging = false;
    return changing;
  };
}
