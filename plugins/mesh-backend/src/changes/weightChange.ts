import { ConflictError, InputError } from '@backstage/errors';
import {
  describeRef,
  destinationRulesFor,
  EditRefused,
  type KubeObjectRef,
  type MeshObjects,
  planShift,
  refOf,
  versionSplits,
  type VersionSplit,
  whyNoShift,
} from '@meshdeck/istio-config';
import type { Placement, WeightIntent } from '@meshdeck/plugin-mesh-common';
import { isNamed } from '../facts/ruleNames';
import { writerObstacle } from '../rollouts/rollouts';
import type { Asked, Change } from './Change';
import {
  foreignProblem,
  refuseForeignServices,
  servicesToRead,
} from './foreignServices';
import { closedNamespace } from './guard';

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
        ...sourcesOf(set, placement).flatMap(source => [
          source,
          ...(isGatewayApi(source) ? servicesToRead(set, source) : []),
        ]),
        ...versions.rules.map(refOf),
      ];
    },
    plan(set, asked) {
      const { splits, routes } = versionSplits(set, asked.placement);
      const split = splits.find(({ source }) => isNamed(set, source, rule));
      if (!split) {
        const untold = routes.rules.flatMap(({ source }) =>
          source && isGatewayApi(source.object) && isNamed(set, source, rule)
            ? whyNoShift(set, source) ?? []
            : [],
        );
        if (untold.length > 0) {
          throw new InputError(untold[0]);
        }
        throw new ConflictError(
          `${rule.path} of ${describeRef(
            rule.object,
          )} is not the rule that you saw any more, or does not split requests between versions of this service. Nothing was changed; look at the page again.`,
        );
      }
      if (isGatewayApi(split.source.object)) {
        refuseForeignServices(set, split.source.object, asked);
      }
      try {
        return planShift(set, split, weights);
      } catch (error) {
        throw error instanceof EditRefused
          ? new InputError(error.message)
          : error;
      }
    },
  };
}

/** Why the weights of a rule are not moved from the page of this service; undefined where they may be. */
export function weightObstacle(
  set: MeshObjects,
  { source: { object } }: VersionSplit,
  asked: Asked,
): string | undefined {
  return (
    closedNamespace(set, asked, object) ??
    writerObstacle(set, object) ??
    (isGatewayApi(object) ? foreignProblem(set, object, asked) : undefined)
  );
}

/** Its rules weigh Services, of which each is somebody’s; those of a VirtualService, subsets of this one. */
function isGatewayApi({ kind }: KubeObjectRef): boolean {
  return kind !== 'VirtualService';
}

/** The objects that hold the rules of a service, as its own namespace sees them. */
function sourcesOf(set: MeshObjects, placement: Placement): KubeObjectRef[] {
  return versionSplits(set, placement).routes.rules.flatMap(
    ({ source }) => source?.object ?? [],
  );
}
