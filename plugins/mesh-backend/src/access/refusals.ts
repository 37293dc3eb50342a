import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { ResourcePermission } from '@backstage/plugin-permission-common';
import { PlacementProblem } from '@meshdeck/plugin-mesh-common';

export function notAllowed(
  permission: ResourcePermission,
  entityRef: string,
): Error {
  return new NotAllowedError(missingPermission(permission, entityRef));
}

/** What is missing, and who can give it. */
export function missingPermission(
  permission: ResourcePermission,
  entityRef: string,
): string {
  return `This needs the permission ${permission.name} for ${entityRef}. Its owner, or who runs the portal, can give it.`;
}

export function notFound(entityRef: string): Error {
  return new NotFoundError(
    `There is no ${entityRef} in the catalog, or you may not see it.`,
  );
}

/** A cluster that cannot be read is no reason to say that a service is not there. */
export function noPlacement(
  problem: PlacementProblem | undefined,
  otherwise: string,
): Error {
  const message = problem ? `${problem.message} ${problem.fix}` : otherwise;
  return problem?.code === 'cluster-unreachable' ||
    problem?.code === 'not-ready'
    ? new ServiceUnavailableError(message)
    : new NotFoundError(message);
}
