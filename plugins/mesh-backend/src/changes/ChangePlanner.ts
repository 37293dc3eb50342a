import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  afterOf,
  describeRef,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { ChangeLock, Placement } from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import type { Asked, Change } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { compareFindings } from './compareFindings';
import { ownersOf } from './fieldOwners';
import { guardObject, guardService, isMovedByRollouts } from './guard';
import { POLICY_KINDS } from './guardReach';
import type { Plan } from './Plan';
import { readAfresh } from './readAfresh';
import { setAfter } from './setAfter';

const ROLLOUTS = ['Canary', 'Rollout'];

/** Works out what a change would do, on what the cluster says at that moment, and refuses what must not be. */
export class ChangePlanner {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    deadlineMs: number;
  }) {
    return new ChangePlanner(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ChangePlanner.create>[0],
  ) {}

  /** With a lock, an intent is not even read against an object that nobody saw. */
  async plan(asked: Asked, change: Change, lock?: ChangeLock): Promise<Plan> {
    const { placement } = asked;
    const { cluster } = placement;
    const { clusters, access, deadlineMs } = this.options;
    const snapshot = await clusters.snapshot(cluster);
    const obstacle = changeObstacle(snapshot, {
      cluster,
      needs: change.needs,
    });
    if (obstacle) {
      throw new InputError(`${obstacle} Nothing was changed.`);
    }
    const { set: stored } = snapshot;
    const target = targetOf(change, stored, placement);
    const isThere = !(target instanceof Error);
    const client = KubernetesClient.create({ access, cluster, deadlineMs });
    const set = await readAfresh(client, stored, placement, {
      decisive: known =>
        isThere ? [target, ...change.restsOn(known, placement)] : [],
      lists: isThere
        ? [
            ...(change.lists ?? []),
            ...(isMovedByRollouts(target) ? ROLLOUTS : []),
            // Whose the pods are that a policy takes, they say.
            ...(POLICY_KINDS.includes(target.kind) ? ['Service'] : []),
          ]
        : [],
    });
    // Whose service it is not hears nothing else.
    guardService(set, asked);
    if (!isThere) {
      throw target;
    }
    guardObject(set, asked, target);
    const before = set.get(target.kind, target.namespace, target.name);
    requireThere(target, before, change, lock);
    const { edit, sentence } = change.plan(set, before, asked);
    requireSameObject(target, refOf(objectOf(edit)));
    const step = { edit, after: afterOf(edit) };
    const sets = { before: set, after: setAfter(set, step) };
    return {
      ...step,
      sentence,
      sets,
      givesBack: change.givesBack,
      findings: compareFindings(sets, placement),
      owners: ownersOf(edit),
    };
  }
}

/** @throws ChangeConflict where it is another one than was previewed, NotFoundError where it is gone. */
function requireThere(
  target: KubeObjectRef,
  before: KubeObject | undefined,
  { mayCreate }: Change,
  lock: ChangeLock | undefined,
): void {
  if (
    before &&
    lock &&
    before.metadata.resourceVersion !== lock.resourceVersion
  ) {
    throw ChangeConflict.over(before, lock.resourceVersion);
  }
  if (!before && (!mayCreate || lock?.resourceVersion)) {
    throw new NotFoundError(
      `${describeRef(target)} is not there any more. Nothing was changed.`,
    );
  }
}

/** What was read a moment ago may have made it another object than the one that all was asked for. */
function requireSameObject(target: KubeObjectRef, planned: KubeObjectRef) {
  if (describeRef(target) !== describeRef(planned)) {
    throw new ConflictError(
      `By now this is about ${describeRef(planned)}, not ${describeRef(
        target,
      )}. Nothing was changed; look at the page again.`,
    );
  }
}

/** The object of a change, or why there is none. */
function targetOf(
  change: Change,
  set: MeshObjects,
  placement: Placement,
): KubeObjectRef | Error {
  try {
    return change.target(set, placement);
  } catch (error) {
    return error as Error;
  }
}
