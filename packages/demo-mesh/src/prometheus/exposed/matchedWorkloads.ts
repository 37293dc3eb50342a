import {
  MeshObjects,
  Workload,
  workloads,
  workloadsIn,
} from '@meshdeck/istio-config';
import type { LabelMatcher } from '../promql/expressions';

/** All workloads, or those of one namespace where only that is asked for. */
export function matchedWorkloads(
  set: MeshObjects,
  matchers: readonly LabelMatcher[],
): readonly Workload[] {
  const only = matchers.find(
    ({ label, operator }) => label === 'namespace' && operator === '=',
  );
  return only ? workloadsIn(set, only.value) : workloads(set);
}
