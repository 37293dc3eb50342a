import { isDeepStrictEqual } from 'node:util';
import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  describeRef,
  itemsOf,
  type KubeObject,
  refOf,
} from '@meshdeck/istio-config';
import {
  FIELD_MANAGER,
  type KubernetesClient,
} from '../cluster/KubernetesClient';
import {
  FieldConflictError,
  StaleObjectError,
} from '../cluster/kubernetesErrors';
import { SourceError } from '../sources/SourceError';
import { isAsItWas } from './isAsItWas';

/** What is to be done for one manifest, as the API server rehearsed it. */
export type PlannedWrite =
  | { type: 'create'; manifest: KubeObject }
  | {
      type: 'update';
      /** With the uid and the resourceVersion of `before`. */
      manifest: KubeObject;
      before: KubeObject;
      rehearsed: KubeObject;
      /** From another operation of our own: what was created, and what was patched, counts as another manager's. */
      takesOver: boolean;
    }
  | { type: 'none'; manifest: KubeObject };

/** An update would end a split of traffic that somebody set up. */
class SplitError extends Error {}

/** Whether traffic is shared by hand in a way that the update would end. */
function endsSplit(before: KubeObject, rehearsed: KubeObject): boolean {
  const isSplit = itemsOf(before.spec?.http).some(
    rule => itemsOf(rule?.route).length > 1,
  );
  return isSplit && !isDeepStrictEqual(before.spec?.http, rehearsed.spec?.http);
}

/** In a word, for whoever asked. */
export const DONE: Record<PlannedWrite['type'], string> = {
  create: 'created',
  update: 'updated',
  none: 'unchanged',
};

/**
 * Rehearses all manifests on the API server before the first is written: as new objects where there are none, else on
 * those that were looked at.
 * @throws ConflictError, InputError, ServiceUnavailableError where one could not be written.
 */
export async function planWrites(
  client: KubernetesClient,
  manifests: readonly KubeObject[],
  existing: readonly KubeObject[],
): Promise<PlannedWrite[]> {
  const byLabel = new Map(
    existing.map(object => [describeRef(refOf(object)), object]),
  );
  const planned: PlannedWrite[] = [];
  for (const manifest of manifests) {
    const label = describeRef(refOf(manifest));
    try {
      planned.push(await planWrite(client, manifest, byLabel.get(label)));
    } catch (error) {
      throw refusalOf(error as Error, label);
    }
  }
  return planned;
}

async function planWrite(
  client: KubernetesClient,
  manifest: KubeObject,
  before: KubeObject | undefined,
): Promise<PlannedWrite> {
  if (!before) {
    await client.create(manifest, { dryRun: true });
    return { type: 'create', manifest };
  }
  const { uid, resourceVersion } = before.metadata;
  const locked = {
    ...manifest,
    metadata: { ...manifest.metadata, uid, resourceVersion },
  };
  const { rehearsed, takesOver } = await rehearse(client, locked);
  if (isAsItWas(rehearsed, before)) {
    return { type: 'none', manifest };
  }
  if (endsSplit(before, rehearsed)) {
    throw new SplitError();
  }
  return { type: 'update', manifest: locked, before, rehearsed, takesOver };
}

async function rehearse(client: KubernetesClient, manifest: KubeObject) {
  try {
    const rehearsed = await client.apply(manifest, { dryRun: true });
    return { rehearsed, takesOver: false };
  } catch (error) {
    const isOurs =
      error instanceof FieldConflictError &&
      error.managers.every(manager => manager === FIELD_MANAGER);
    if (!isOurs) {
      throw error;
    }
  }
  const options = { dryRun: true, force: true };
  return { rehearsed: await client.apply(manifest, options), takesOver: true };
}

function refusalOf(error: Error, label: string): Error {
  const { message } = error;
  if (error instanceof SplitError) {
    return new ConflictError(
      `${label} shares traffic between versions now, and onboarding would end that. Give its routes one destination each again, or leave the service as it is. Nothing was written.`,
    );
  }
  if (error instanceof FieldConflictError) {
    return new ConflictError(
      `${error.managers.join(
        ' and ',
      )} changed ${label} since it was onboarded, and onboarding would undo that: ${message}. Nothing was written.`,
    );
  }
  if (error instanceof StaleObjectError) {
    return new ConflictError(
      `${label} is being changed by somebody at this moment: ${message}. Nothing was written. Try again.`,
    );
  }
  return error instanceof SourceError && error.answered === undefined
    ? new ServiceUnavailableError(`${message} Nothing was written.`)
    : new InputError(
        `The cluster would refuse ${label}: ${message}. Nothing was written.`,
      );
}
