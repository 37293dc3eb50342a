import type { CanaryView, RuleName } from '@meshdeck/plugin-mesh-common';
import type { startPortal } from './startPortal';

/** A rule as somebody names it who never saw one, for requests that come to something else first. */
export function madeUpRule(
  name = 'auth-service',
  namespace = 'orion',
): RuleName {
  return {
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace,
      name,
    },
    path: 'spec.http[0]',
    digest: 'none',
  };
}

/** The rules whose weights the Canary tab offers to move. */
export async function movableRules(
  portal: Awaited<ReturnType<typeof startPortal>>,
  entity: string,
  placement: string,
): Promise<CanaryView['rules']> {
  const { body } = await portal.get(entity, `${placement}/canary`);
  return body.rules;
}
