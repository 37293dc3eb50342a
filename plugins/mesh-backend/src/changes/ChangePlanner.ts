import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  describeRef,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type {
  ChangeLock,
  ObjectRef,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { POLICY_KINDS } from '../memory/policyKinds';
import { type Asked, type Change, objectIn, stepOf } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { compareFindings } from './compareFindings';
import { ownersOf } from './fieldOwners';
import { guardObject, guardService, isMovedByRollouts } from './guard';
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
    const targets = targetsOf(change, stored, placement);
    const areThere = !(targets instanceof Error);
    const client = KubernetesClient.create({ access, cluster, deadlineMs });
    const { set, known } = await readAfresh(client, stored, placement, {
      decisive: so =>
        areThere ? [...targets, ...change.restsOn(so, placement)] : [],
      lists: areThere
        ? [
            ...(change.lists ?? []),
            ...(targets.some(isMovedByRollouts) ? ROLLOUTS : []),
            // Whose the pods are that a policy takes, they say.
            ...(targets.some(({ kind }) => POLICY_KINDS.includes(kind))
              ? ['Service']
              : []),
          ]
        : [],
      whole: areThere ? targets : [],
    });
    // Whose service it is not hears nothing else.
    guardService(set, asked);
    if (!areThere) {
      throw targets;
    }
    const seen = lock && seenVersions(targets, lock);
    targets.forEach((target, index) => {
      guardObject(set, asked, target);
      requireThere(target, objectIn(set, target), change, seen?.[index]);
    });
    const { edits, sentence } = change.plan(set, asked);
    requireSameObjects(
      targets,
      edits.map(edit => refOf(objectOf(edit))),
    );
    const steps = edits.map(stepOf);
    const sets = { before: known, after: steps.reduce(setAfter, known) };
    return {
      steps,
      sentence,
      sets,
      givesBack: change.givesBack,
      findings: compareFindings(sets, placement),
      owners: [...new Set(edits.flatMap(ownersOf))],
    };
  }
}

/** @throws ChangeConflict where it is another one than was previewed, NotFoundError where it is gone. */
function requireThere(
  target: KubeObjectRef,
  before: KubeObject | undefined,
  { mayCreate }: Change,
  seen: string | undefined,
): void {
  if (
    before &&
    seen !== undefined &&
    before.metadata.resourceVersion !== seen
  ) {
    throw ChangeConflict.over(before, seen);
  }
  if (!before && (!mayCreate || seen)) {
    throw new NotFoundError(
      `${describeRef(target)} is not there any more. Nothing was changed.`,
    );
  }
}

/** The version in which each target was seen. @throws ConflictError where others were seen. */
function seenVersions(
  targets: readonly KubeObjectRef[],
  { resourceVersion, first = [] }: ChangeLock,
): string[] {
  const last = targets[targets.length - 1];
  requireSameObjects([...first.map(({ object }) => object), last], targets);
  return [...first.map(seen => seen.resourceVersion), resourceVersion];
}

/** What was read a moment ago may have made it others than those that all was asked for. */
function requireSameObjects(
  wanted: readonly ObjectRef[],
  planned: readonly KubeObjectRef[],
): void {
  const [then, now] = [wanted, planned].map(refs =>
    refs.map(describeRef).join(' and '),
  );
  if (then !== now) {
    throw new ConflictError(
      `By now this is about ${now}, not ${then}. Nothing was changed; look at the page again.`,
    );
  }
}

/** The objects of a change, or why there are none. */
function targetsOf(
  change: Change,
  set: MeshObjects,
  placement: Placement,
): readonly KubeObjectRef[] | Error {
  try {
    return change.targets(set, placement);
  } catch (error) {
    return error as Error;
  }
}
