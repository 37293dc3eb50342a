import { ConflictError, InputError } from '@backstage/errors';
import {
  describeRef,
  describeShift,
  destinationRulesFor,
  EditRefused,
  type KubeObjectRef,
  type MeshObjects,
  refOf,
  shiftWeights,
  versionSplits,
} from '@meshdeck/istio-config';
import type { Placement, WeightIntent } from '@meshdeck/plugin-mesh-common';
import { type Change, existing } from './Change';
import { isNamed } from '../facts/ruleNames';

/** What else may decide where requests go, and who may move the weights beside a person. */
export const WEIGHTS_NEED = ['Rollout', 'Canary', 'HTTPRoute', 'GRPCRoute'];

/** Moves traffic between the versions of a service. */
export function weightChange({ rule, weights }: WeightIntent): Change {
  return {
    needs: WEIGHTS_NEED,
    targets(set, placement) {
      const found = sourcesOf(set, placement).find(
        ({ kind, namespace, name }) =>
          kind === rule.object.kind &&
          namespace === rule.object.namespace &&
          name === rule.object.name,
      );
      if (!found) {
        throw new ConflictError(
          `${describeRef(
            rule.object,
          )} has no rule for this service any more. Nothing was changed; look at the page again.`,
        );
      }
      return [found];
    },
    restsOn(set, placement) {
      const { namespace } = placement;
      const { routes } = versionSplits(set, placement);
      const versions = destinationRulesFor(set, routes.host, {
        clientNamespace: namespace,
        serviceNamespace: namespace,
      });
      return [
        ...(routes.decidedBy ? [routes.decidedBy] : []),
        ...sourcesOf(set, placement),
        ...versions.rules.map(refOf),
      ];
    },
    plan(set, { placement }) {
      const split = versionSplits(set, placement).splits.find(({ source }) =>
        isNamed(set, source, rule),
      );
      if (!split) {
        throw new ConflictError(
          `${rule.path} of ${describeRef(
            rule.object,
          )} is not the rule that you saw any more, or does not split requests between versions of this service. Nothing was changed; look at the page again.`,
        );
      }
      const before = existing(set, rule.object);
      try {
        const operations = shiftWeights(before, split, weights);
        return {
          edits: [{ action: 'change', before, operations }],
          sentence: describeShift(split.weights, weights),
        };
      } catch (error) {
        throw error instanceof EditRefused
          ? new InputError(error.message)
          : error;
      }
    },
  };
}

/** The objects that hold the rules of a service, as its own namespace sees them. */
function sourcesOf(set: MeshObjects, placement: Placement): KubeObjectRef[] {
  return versionSplits(set, placement).routes.rules.flatMap(
    ({ source }) => source?.object ?? [],
  );
}
