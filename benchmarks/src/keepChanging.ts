import type { GeneratedMesh } from './GeneratedMesh';

const RULES = '/apis/networking.istio.io/v1';

interface Rule {
  metadata: {
    namespace: string;
    name: string;
    annotations?: Record<string, string>;
  };
}

/** Writes one VirtualService so many times a second: a cluster changes all the time. Answers what ends it. */
export async function keepChanging(
  mesh: GeneratedMesh,
  perSecond: number,
): Promise<() => void> {
  if (!(perSecond > 0)) {
    return () => {};
  }
  const { kubernetes } = mesh;
  const { items } = await kubernetes.get<{ items: Rule[] }>(
    `${RULES}/virtualservices?limit=1`,
  );
  const { namespace, name } = items[0].metadata;
  const path = `${RULES}/namespaces/${namespace}/virtualservices/${name}`;
  let isChanging = true;
  const change = async () => {
    for (let count = 1; isChanging; count++) {
      const rule = await kubernetes.get<Rule>(path);
      rule.metadata.annotations = { changed: String(count) };
      await kubernetes.put(path, rule);
      await new Promise(resolve => {
        setTimeout(resolve, 1000 / perSecond);
      });
    }
  };
  // Ends with the run: a mesh that is gone changes no more.
  change().catch(() => undefined);
  return () => {
    isChanging = false;
  };
}
