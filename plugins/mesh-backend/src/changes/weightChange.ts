import { ConflictError, InputError } from '@backstage/errors';
import type { WeightIntent } from '@meshdeck/plugin-mesh-common';
import { rolloutObstacle } from '../canary/rollouts';
import type { Change } from './Change';
import { describeMove, planWeights, readWeights } from './planWeights';
import { RouteApply } from './RouteApply';

/** What else may decide where requests go, and who may move the weights beside a person. */
export const WEIGHTS_NEED = ['Rollout', 'Canary', 'HTTPRoute', 'GRPCRoute'];

/** Moves traffic between the versions of a service. */
export function weightChange(intent: WeightIntent): Change {
  return {
    needs: WEIGHTS_NEED,
    target(set, placement) {
      const driven = rolloutObstacle(set, placement);
      if (driven) {
        throw new ConflictError(driven);
      }
      const { decidedBy } = readWeights(set, placement).routes;
      if (!decidedBy) {
        throw new InputError(
          'No VirtualService decides over this service, so there are no weights to move.',
        );
      }
      return decidedBy;
    },
    plan(set, before, placement) {
      const planner = readWeights(set, placement);
      const rule = planner.rules.find(
        ({ index }) => index === intent.ruleIndex,
      );
      return {
        after: planWeights(before, planner, intent),
        sentence: describeMove(rule?.weights ?? {}, intent.weights),
      };
    },
    delivery: RouteApply.create,
  };
}
