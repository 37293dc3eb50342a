import { isDeepStrictEqual } from 'util';
import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import { describeRef, KubeObject, refOf } from '@meshdeck/istio-config';
import type {
  ApplyResult,
  ChangeLock,
  ChangePreview,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { WeightHistory } from '../canary/WeightHistory';
import { changeObstacle } from '../cluster/changeObstacle';
import type { ClusterStores } from '../cluster/ClusterStores';
import {
  FieldConflictError,
  KubernetesClient,
  StaleObjectError,
} from '../cluster/KubernetesClient';
import { toObjectYaml, yamlOf } from '../views/objects';
import { bindingProblem, gitOpsToolOf } from './binding';
import type { Change } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { compareFindings } from './compareFindings';
import type { Step } from './Delivery';

/** What a change would do, worked out on the object as it is in the cluster now. */
type Plan = Step &
  Pick<ChangePreview, 'findingsNew' | 'findingsFixed' | 'sentence'>;

/** Whoever applies a change, and for which entity. */
export interface Asker {
  entityRef: string;
  credentials: BackstageCredentials;
}

/** The one way of every change: plan, check, deliver, verify. Who may do it has been asked before. */
export class ChangePipeline {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    logger: LoggerService;
    deadlineMs: number;
    history: WeightHistory;
  }) {
    return new ChangePipeline(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ChangePipeline.create>[0],
  ) {}

  async preview(
    placement: Placement,
    entityRef: string,
    change: Change,
  ): Promise<ChangePreview> {
    const plan = await this.plan(placement, entityRef, change);
    const { before, after, ...rest } = plan;
    return {
      object: refOf(before),
      resourceVersion: before.metadata.resourceVersion ?? '',
      before: yamlOf(before),
      after: yamlOf(after),
      ...(await this.rehearse(placement, plan, change)),
      revertedBy: gitOpsToolOf(before),
      ...rest,
    };
  }

  /** @throws ChangeConflict where the object changed since the preview; nothing is written then. */
  async apply(
    placement: Placement,
    { entityRef, credentials }: Asker,
    change: Change,
    lock: ChangeLock,
  ): Promise<ApplyResult> {
    const plan = await this.plan(placement, entityRef, change, lock);
    const { before, after, sentence } = plan;
    const blocker = blockerOf(plan);
    if (blocker) {
      throw new InputError(blocker);
    }
    const tool = gitOpsToolOf(before);
    if (tool && !lock.takeOver) {
      throw new InputError(
        `${tool} manages ${describeRef(
          refOf(before),
        )} and will revert a direct change. Change it in its repository, or confirm that you want it all the same.`,
      );
    }
    const applied = await this.deliver(placement, plan, change, lock);
    if (!isSameJson(applied.spec, after.spec)) {
      throw new StaleObjectError(
        `The cluster took the change but holds something else: an admission webhook may have altered ${describeRef(
          refOf(after),
        )}.`,
      );
    }
    const who = personOf(credentials);
    if (who) {
      const why = lock.reason || undefined;
      this.options.history.note(placement.cluster, applied, { who, why });
    }
    this.options.logger.info(
      `Changed ${describeRef(refOf(after))} in ${
        placement.cluster
      } for ${entityRef}: ${sentence}${
        lock.reason ? ` Why: ${JSON.stringify(lock.reason)}` : ''
      }`,
    );
    return { object: toObjectYaml(applied), sentence };
  }

  /** With a lock, a wish is not even read against an object that nobody saw. */
  private async plan(
    placement: Placement,
    entityRef: string,
    change: Change,
    lock?: ChangeLock,
  ): Promise<Plan> {
    const { cluster } = placement;
    const snapshot = await this.options.clusters.snapshot(cluster);
    const obstacle = changeObstacle(snapshot, {
      cluster,
      needs: change.needs,
    });
    if (obstacle) {
      throw new InputError(`${obstacle} Nothing was changed.`);
    }
    const { set } = snapshot;
    const unbound = bindingProblem(set, placement, entityRef);
    if (unbound) {
      throw new NotAllowedError(unbound);
    }
    const target = change.target(set, placement, entityRef);
    const before = await this.client(placement).get(target);
    if (lock && before.metadata.resourceVersion !== lock.resourceVersion) {
      throw conflictWith(before, lock.resourceVersion);
    }
    const fresh = set.with([{ type: 'put', object: before }]);
    const { after, sentence } = change.plan(fresh, before, placement);
    return {
      before,
      after,
      sentence,
      ...compareFindings(fresh, after, placement),
    };
  }

  /** Asks the API server what it would say. */
  private async rehearse(
    placement: Placement,
    plan: Plan,
    change: Change,
  ): Promise<Pick<ChangePreview, 'dryRun' | 'takesOverFrom'>> {
    try {
      const takesOverFrom = await change
        .delivery(this.client(placement))
        .rehearse(plan);
      const blocker = blockerOf(plan);
      return {
        dryRun: blocker ? { ok: false, message: blocker } : { ok: true },
        takesOverFrom,
      };
    } catch (error) {
      return { dryRun: refusal(error), takesOverFrom: [] };
    }
  }

  private async deliver(
    placement: Placement,
    plan: Plan,
    change: Change,
    { resourceVersion, takeOver }: ChangeLock,
  ): Promise<KubeObject> {
    const client = this.client(placement);
    try {
      return await change.delivery(client).deliver(plan, { takeOver });
    } catch (error) {
      if (error instanceof StaleObjectError) {
        throw conflictWith(
          await client.get(refOf(plan.before)),
          resourceVersion,
        );
      }
      if (error instanceof FieldConflictError) {
        throw new InputError(
          `${error.managers.join(
            ' and ',
          )} owns what would be changed. Confirm that Meshdeck takes it over.`,
        );
      }
      throw error;
    }
  }

  private client(placement: Placement): KubernetesClient {
    const { access, deadlineMs } = this.options;
    return KubernetesClient.create({
      access,
      cluster: placement.cluster,
      deadlineMs,
    });
  }
}

/** An error that a change would bring keeps it from being applied. */
function blockerOf({ findingsNew }: Plan): string | undefined {
  const error = findingsNew.find(({ level }) => level === 'error');
  return error && `${error.message} ${error.fix}`;
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

function conflictWith(current: KubeObject, seen: string): ChangeConflict {
  return new ChangeConflict({
    current: toObjectYaml(current),
    seen,
    message: `${describeRef(
      refOf(current),
    )} was changed since you looked at it. Nothing was written; look at what it is now and decide again.`,
  });
}

/** As the API server would write them: a field that is undefined is not there. */
function isSameJson(a: unknown, b: unknown): boolean {
  const plain = (value: unknown) =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  return isDeepStrictEqual(plain(a), plain(b));
}
