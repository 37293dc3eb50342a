import { beforeOf, objectOf, workloadsOf } from '@meshdeck/istio-config';
import type { ChangeImpact, Placement } from '@meshdeck/plugin-mesh-common';
import { POLICY_KINDS } from '../memory/policyKinds';
import type { MetricsService } from '../metrics/MetricsService';
import { workloadsUnder } from './guardReach';
import { impactOf } from './impactOf';
import type { Plan } from './Plan';

const CALLED_WITHIN = '24h';

export type TrafficSource = Pick<MetricsService, 'traffic'>;

/** Whom the change of a policy would turn away, or a Service that goes; undefined where it is about neither. */
export async function policyImpact(
  metrics: TrafficSource,
  placement: Placement,
  { steps, sets }: Plan,
): Promise<ChangeImpact | undefined> {
  const policies = steps.filter(({ edit }) =>
    POLICY_KINDS.includes(objectOf(edit).kind),
  );
  const { namespace, service } = placement;
  const goes = !sets.after.get('Service', namespace, service);
  if (policies.length === 0 && !goes) {
    return undefined;
  }
  const traffic = await metrics
    .traffic(placement, CALLED_WITHIN)
    ?.catch(() => undefined);
  const own = workloadsOf(
    sets.before,
    placement.namespace,
    placement.service,
  ).map(({ name }) => name);
  const taken = policies
    .flatMap(({ edit, after }) => [beforeOf(edit), after])
    .flatMap(policy => (policy ? workloadsUnder(sets.before, policy) : []));
  return {
    ...impactOf({ ...sets, placement, traffic }),
    concernsOthers: taken.some(({ name }) => !own.includes(name)),
  };
}
