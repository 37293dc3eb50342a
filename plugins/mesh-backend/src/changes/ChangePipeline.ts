import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  changesSomething,
  describeRef,
  type KubeObject,
  type KubeObjectRef,
  type MeshObjects,
  patched,
  refOf,
} from '@meshdeck/istio-config';
import type {
  ApplyResult,
  ChangeLock,
  ChangePreview,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { RefusedRequestError } from '../cluster/kubernetesErrors';
import { toObjectYaml, yamlOf } from '../facts/objects';
import { alterations } from './alterations';
import { gitOpsToolOf } from './binding';
import type { Change } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { compareFindings } from './compareFindings';
import { fieldOwners } from './fieldOwners';
import {
  type Asked,
  guardObject,
  guardService,
  isMovedByRollouts,
} from './guard';
import { type Delivered, JsonPatchDelivery } from './JsonPatchDelivery';
import { blockerOf, mustBeAgreedTo, type Plan } from './Plan';
import { readAfresh } from './readAfresh';
import { UnknownOutcome } from './UnknownOutcome';

const WHO_ALTERS =
  'An admission webhook or a default of the cluster does that.';

/** Whoever applies a change, and for which entity. */
export interface Asker {
  entityRef: string;
  credentials: BackstageCredentials;
}

/** A change that is in the cluster. */
export interface WrittenChange {
  cluster: string;
  object: KubeObject;
  /** The entity ref of the person; undefined where a plugin acts for nobody. */
  who?: string;
  why?: string;
}

/** The one way of every change: read, guard, plan, check, deliver, verify. Who may do it has been asked before. */
export class ChangePipeline {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    logger: LoggerService;
    deadlineMs: number;
  }) {
    return new ChangePipeline(options);
  }

  private readonly listeners = new Set<(change: WrittenChange) => void>();

  private constructor(
    private readonly options: Parameters<typeof ChangePipeline.create>[0],
  ) {}

  /** Calls back after each change that was written from here. */
  onWritten(listener: (change: WrittenChange) => void): void {
    this.listeners.add(listener);
  }

  async preview(asked: Asked, change: Change): Promise<ChangePreview> {
    const plan = await this.plan(asked, change);
    const { before, owners, sentence, findings } = plan;
    return {
      object: refOf(before),
      resourceVersion: before.metadata.resourceVersion ?? '',
      before: yamlOf(before),
      ...(await this.rehearse(asked.placement, plan)),
      takesOverFrom: owners,
      revertedBy: gitOpsToolOf(before),
      ...findings,
      sentence,
    };
  }

  /**
   * @throws ChangeConflict where the object changed since the preview, UnknownOutcome where nobody can say whether it was
   * written. Every other error means that nothing was.
   */
  async apply(
    placement: Placement,
    { entityRef, credentials }: Asker,
    change: Change,
    lock: ChangeLock,
  ): Promise<ApplyResult> {
    const plan = await this.plan({ placement, entityRef }, change, lock);
    const { before, after, operations, sentence } = plan;
    if (!changesSomething(operations)) {
      return { object: toObjectYaml(before), sentence };
    }
    mustBeAgreedTo(plan, lock);
    const { object, remark } = await this.deliver(placement, plan);
    const why = lock.reason || undefined;
    const written = {
      cluster: placement.cluster,
      object,
      who: personOf(credentials),
      why,
    };
    this.listeners.forEach(listener => listener(written));
    this.options.logger.info(
      `Changed ${describeRef(refOf(object))} in ${
        placement.cluster
      } for ${entityRef}: ${sentence}${
        why ? ` Why: ${JSON.stringify(why)}` : ''
      }`,
    );
    const altered = alterations(after, object);
    return {
      object: toObjectYaml(object),
      sentence,
      // Of an object that was read again, others may have made something else since.
      remark:
        remark ??
        (altered &&
          `The cluster stored something else than what was meant: ${altered}. ${WHO_ALTERS}`),
    };
  }

  /** With a lock, an intent is not even read against an object that nobody saw. */
  private async plan(
    asked: Asked,
    change: Change,
    lock?: ChangeLock,
  ): Promise<Plan> {
    const { placement } = asked;
    const { cluster } = placement;
    const snapshot = await this.options.clusters.snapshot(cluster);
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
    const client = this.client(placement);
    const set = await readAfresh(client, stored, placement, {
      decisive: known =>
        isThere ? [target, ...change.restsOn(known, placement)] : [],
      withRollouts: isThere && isMovedByRollouts(target),
    });
    // Whose service it is not hears nothing else.
    guardService(set, asked);
    if (!isThere) {
      throw target;
    }
    guardObject(set, asked, target);
    const before = set.get(target.kind, target.namespace, target.name);
    if (!before) {
      throw new NotFoundError(
        `${describeRef(target)} is not there any more. Nothing was changed.`,
      );
    }
    if (lock && before.metadata.resourceVersion !== lock.resourceVersion) {
      throw ChangeConflict.over(before, lock.resourceVersion);
    }
    const { operations, sentence } = change.plan(set, before, asked);
    const after = patched(before, operations);
    return {
      before,
      operations,
      after,
      sentence,
      findings: compareFindings(set, after, placement),
      owners: fieldOwners(before, operations),
    };
  }

  /** Asks the API server what it would make of it. */
  private async rehearse(
    placement: Placement,
    plan: Plan,
  ): Promise<Pick<ChangePreview, 'after' | 'dryRun' | 'remark'>> {
    try {
      const stored = await this.delivery(placement).rehearse(plan);
      const blocker = blockerOf(plan);
      const altered = alterations(plan.after, stored);
      return {
        after: yamlOf(stored),
        dryRun: blocker ? { ok: false, message: blocker } : { ok: true },
        remark:
          altered &&
          `The cluster would store something else than what is meant: ${altered}. ${WHO_ALTERS}`,
      };
    } catch (error) {
      return { after: yamlOf(plan.after), dryRun: refusal(error) };
    }
  }

  private async deliver(placement: Placement, plan: Plan): Promise<Delivered> {
    try {
      return await this.delivery(placement).deliver(plan);
    } catch (error) {
      if (error instanceof UnknownOutcome) {
        this.options.logger.warn(error.message);
      }
      throw error instanceof RefusedRequestError
        ? new InputError(`${error.message} Nothing was written.`)
        : error;
    }
  }

  private delivery(placement: Placement): JsonPatchDelivery {
    const { deadlineMs } = this.options;
    return JsonPatchDelivery.create({
      client: this.client(placement),
      deadlineMs,
    });
  }

  private client({ cluster }: Placement): KubernetesClient {
    const { access, deadlineMs } = this.options;
    return KubernetesClient.create({ access, cluster, deadlineMs });
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

/** The entity ref of a person; undefined for a plugin that acts for nobody. */
function personOf({ principal }: BackstageCredentials): string | undefined {
  const ref = (principal as { userEntityRef?: unknown } | undefined)
    ?.userEntityRef;
  return typeof ref === 'string' ? ref : undefined;
}

function refusal(error: unknown): ChangePreview['dryRun'] {
  const { name, message } = error as Error;
  if (name === 'Error' || name === 'TypeError') {
    throw error;
  }
  return { ok: false, message };
}
