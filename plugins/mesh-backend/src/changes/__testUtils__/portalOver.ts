import { component } from '../../__testUtils__/startPortal';
import type { TestCluster } from '../../__testUtils__/testClusters';
import { ChangingPortal } from './ChangingPortal';

/** A portal over services of a namespace, each of an entity of its own name. */
export function portalOver(
  cluster: TestCluster,
  namespace: string,
  names: readonly string[],
): Promise<ChangingPortal> {
  return ChangingPortal.open({
    cluster,
    entities: names.map(name =>
      component(name, { 'meshdeck.io/services': `${namespace}/${name}` }),
    ),
  });
}
