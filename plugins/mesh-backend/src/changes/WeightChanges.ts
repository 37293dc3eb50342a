import { isDeepStrictEqual } from 'util';
import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  describeRef,
  findingsFor,
  KubeObject,
  MeshConfigSet,
  refOf,
} from '@meshdeck/istio-config';
import type {
  ApplyRequest,
  ApplyResult,
  ChangePreview,
  Finding,
  Placement,
  WeightIntent,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { rolloutObstacle } from '../canary/rollouts';
import type { WeightHistory } from '../canary/WeightHistory';
import type { ClusterStores } from '../cluster/ClusterStores';
import {
  FieldConflictError,
  KubernetesClient,
  StaleObjectError,
} from '../cluster/KubernetesClient';
import { toFinding, toObjectYaml, yamlOf } from '../views/objects';
import { snapshotOf } from '../views/snapshotOf';
import { bindingProblem, gitOpsToolOf } from './binding';
import { ChangeConflict } from './ChangeConflict';
import { describeMove, planWeights, readWeights } from './planWeights';

/** What a change would do, worked out on the object as it is in the cluster now. */
interface Plan {
  before: KubeObject;
  after: KubeObject;
  findingsNew: Finding[];
  findingsFixed: Finding[];
  sentence: string;
}

/** Whoever applies a change, and for which entity. */
export interface Asker {
  entityRef: string;
  credentials: BackstageCredentials;
}

/** Moves traffic between versions: plan, check, deliver, verify. Who may do it has been asked before. */
export class WeightChanges {
  static create(options: {
    clusters: ClusterStores;
    access: MeshClusterAccess;
    logger: LoggerService;
    deadlineMs: number;
    history: WeightHistory;
  }) {
    return new WeightChanges(options);
  }

  private constructor(
    private readonly options: Parameters<typeof WeightChanges.create>[0],
  ) {}

  async preview(
    placement: Placement,
    entityRef: string,
    intent: WeightIntent,
  ): Promise<ChangePreview> {
    const plan = await this.plan(placement, entityRef, intent);
    const { before, after } = plan;
    const { dryRun, takesOverFrom } = await this.rehearse(placement, plan);
    return {
      object: refOf(before),
      resourceVersion: before.metadata.resourceVersion ?? '',
      before: yamlOf(before),
      after: yamlOf(after),
      dryRun,
      findingsNew: plan.findingsNew,
      findingsFixed: plan.findingsFixed,
      takesOverFrom,
      revertedBy: gitOpsToolOf(before),
      sentence: plan.sentence,
    };
  }

  /** @throws ChangeConflict where the object changed since the preview; nothing is written then. */
  async apply(
    placement: Placement,
    { entityRef, credentials }: Asker,
    request: ApplyRequest,
  ): Promise<ApplyResult> {
    const plan = await this.plan(placement, entityRef, request);
    const { before, after } = plan;
    if (before.metadata.resourceVersion !== request.resourceVersion) {
      throw conflictWith(before, request.resourceVersion);
    }
    const [blocker] = plan.findingsNew.filter(({ level }) => level === 'error');
    if (blocker) {
      throw new InputError(`${blocker.message} ${blocker.fix}`);
    }
    const tool = gitOpsToolOf(before);
    if (tool && !request.takeOver) {
      throw new InputError(
        `${tool} manages ${describeRef(
          refOf(before),
        )} and will revert a direct change. Change it in its repository, or confirm that you want it all the same.`,
      );
    }
    const applied = await this.deliver(placement, after, request);
    if (!isSameJson(applied.spec?.http, after.spec.http)) {
      throw new StaleObjectError(
        `The cluster took the change but holds something else: an admission webhook may have altered ${describeRef(
          refOf(after),
        )}.`,
      );
    }
    const who = personOf(credentials);
    if (who) {
      const why = request.reason || undefined;
      this.options.history.note(placement.cluster, applied, { who, why });
    }
    this.options.logger.info(
      `Moved weights of ${describeRef(refOf(after))} in ${
        placement.cluster
      } for ${entityRef}: ${plan.sentence}`,
    );
    return { object: toObjectYaml(applied), sentence: plan.sentence };
  }

  private async plan(
    placement: Placement,
    entityRef: string,
    intent: WeightIntent,
  ): Promise<Plan> {
    const { set, source } = await snapshotOf(
      this.options.clusters,
      placement.cluster,
    );
    if (source.status !== 'ok') {
      throw new InputError(
        `${
          source.message ?? 'The cluster cannot be read.'
        } Nothing was changed.`,
      );
    }
    const unbound = bindingProblem(set, placement, entityRef);
    if (unbound) {
      throw new NotAllowedError(unbound);
    }
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
    const before = await this.client(placement).get(decidedBy);
    const fresh = set.with([{ type: 'put', object: before }]);
    const planner = readWeights(fresh, placement);
    const after = planWeights(before, planner, intent);
    const rule = planner.rules.find(({ index }) => index === intent.ruleIndex);
    return {
      before,
      after,
      ...compareFindings(fresh, after, placement),
      sentence: describeMove(rule?.weights ?? {}, intent.weights),
    };
  }

  /** Asks the API server what it would say, first without taking fields from anybody. */
  private async rehearse(
    placement: Placement,
    plan: Plan,
  ): Promise<Pick<ChangePreview, 'dryRun' | 'takesOverFrom'>> {
    const [blocker] = plan.findingsNew.filter(({ level }) => level === 'error');
    const patch = applyBody(plan.after, plan.before.metadata.resourceVersion);
    let takesOverFrom: string[] = [];
    try {
      await this.client(placement).apply(patch, { dryRun: true });
    } catch (error) {
      if (!(error instanceof FieldConflictError)) {
        return { dryRun: refusal(error), takesOverFrom };
      }
      takesOverFrom = error.managers;
      try {
        await this.client(placement).apply(patch, {
          dryRun: true,
          force: true,
        });
      } catch (refused) {
        return { dryRun: refusal(refused), takesOverFrom };
      }
    }
    return {
      dryRun: blocker
        ? { ok: false, message: `${blocker.message} ${blocker.fix}` }
        : { ok: true },
      takesOverFrom,
    };
  }

  private async deliver(
    placement: Placement,
    after: KubeObject,
    request: ApplyRequest,
  ): Promise<KubeObject> {
    const client = this.client(placement);
    try {
      return await client.apply(applyBody(after, request.resourceVersion), {
        force: request.takeOver,
      });
    } catch (error) {
      if (error instanceof StaleObjectError) {
        throw conflictWith(
          await client.get(refOf(after)),
          request.resourceVersion,
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

/** The entity ref of a person; undefined for a plugin that acts for nobody. */
function personOf({ principal }: BackstageCredentials): string | undefined {
  const ref = (principal as { userEntityRef?: unknown } | undefined)
    ?.userEntityRef;
  return typeof ref === 'string' ? ref : undefined;
}

/** Only what is meant: the rules, under the lock. */
function applyBody(after: KubeObject, resourceVersion?: string): KubeObject {
  const { name, namespace } = after.metadata;
  return {
    apiVersion: after.apiVersion,
    kind: after.kind,
    metadata: { name, namespace, resourceVersion },
    spec: { http: after.spec.http },
  };
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

function compareFindings(
  before: MeshConfigSet,
  changed: KubeObject,
  placement: Placement,
): Pick<Plan, 'findingsNew' | 'findingsFixed'> {
  const { namespace, service } = placement;
  const after = before.with([{ type: 'put', object: changed }]);
  const old = findingsFor(before, namespace, service).map(toFinding);
  const now = findingsFor(after, namespace, service).map(toFinding);
  const keyOf = (finding: Finding) => JSON.stringify(finding);
  const [had, has] = [new Set(old.map(keyOf)), new Set(now.map(keyOf))];
  return {
    findingsNew: now.filter(finding => !had.has(keyOf(finding))),
    findingsFixed: old.filter(finding => !has.has(keyOf(finding))),
  };
}

/** As the API server would write them: a field that is undefined is not there. */
function isSameJson(a: unknown, b: unknown): boolean {
  const plain = (value: unknown) =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  return isDeepStrictEqual(plain(a), plain(b));
}
