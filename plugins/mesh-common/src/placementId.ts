import { InputError } from '@backstage/errors';
import type { Placement } from './views';

/** `cluster:namespace:service`. Cluster names may hold colons, the other two can't. @public */
export function placementId(placement: Omit<Placement, 'id'>): string {
  return `${placement.cluster}:${placement.namespace}:${placement.service}`;
}

/** @throws InputError where the id has not three parts. @public */
export function parsePlacementId(id: string): Placement {
  const match = /^(.+):([a-z0-9][a-z0-9.-]*):([a-z0-9][a-z0-9.-]*)$/.exec(id);
  if (!match) {
    throw new InputError(
      `"${id.slice(
        0,
        100,
      )}" is no placement: expected cluster:namespace:service`,
    );
  }
  const [, cluster, namespace, service] = match;
  return { id, cluster, namespace, service };
}
