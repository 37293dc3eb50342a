import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  describeRef,
  editsSomething,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type {
  ApplyResult,
  ChangedObject,
  ChangeLock,
  ChangePreview,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { ClusterStores } from '../cluster/ClusterStores';
import { toObjectYaml } from '../facts/objects';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { Asked, Change } from './Change';
import { alteredFrom, changedObject } from './changedObject';
import { ChangePlanner } from './ChangePlanner';
import { ChangeProposals, type ProposedRequests } from './ChangeProposals';
import {
  blockerOf,
  editsOf,
  gitOpsToolsOf,
  type Plan,
  requireTakeOver,
} from './Plan';
import { personOf } from './personOf';
import { policyImpact, type TrafficSource } from './policyImpact';
import { RememberedDelivery } from './RememberedDelivery';

/** What was wanted, as the memory keeps it. */
export interface RememberedIntent {
  intent: string;
  /** The change that it takes back. */
  undoes?: string;
}

/** Whoever applies a change, and for which entity. */
export interface Asker {
  entityRef: string;
  credentials: BackstageCredentials;
}

/** A change that is in the cluster. */
export interface WrittenChange {
  cluster: string;
  /** As it is now; of a deleted one, as it was. */
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
    memory: ChangeMemory;
    metrics: TrafficSource;
    requests: ProposedRequests;
    /** Whether what Argo CD or Flux delivers is changed by pull request only. */
    isRequestOnly?: boolean;
  }) {
    return new ChangePipeline(options);
  }

  private readonly listeners = new Set<(change: WrittenChange) => void>();

  private readonly planner: ChangePlanner;
  private readonly proposals: ChangeProposals;
  private readonly delivery: RememberedDelivery;

  private constructor(
    private readonly options: Parameters<typeof ChangePipeline.create>[0],
  ) {
    this.planner = ChangePlanner.create(options);
    this.proposals = ChangeProposals.create(options);
    this.delivery = RememberedDelivery.create(options);
  }

  /** Calls back after each change that was written from here. */
  onWritten(listener: (change: WrittenChange) => void): void {
    this.listeners.add(listener);
  }

  async preview(asked: Asked, change: Change): Promise<ChangePreview> {
    const plan = await this.planner.plan(asked, change);
    const { owners, sentence, findings } = plan;
    const { metrics, isRequestOnly } = this.options;
    const revertedBy = gitOpsToolsOf(plan).join(' and ');
    const [{ objects, ...rehearsed }, impact, pullRequest] = await Promise.all([
      this.rehearse(asked.placement, plan),
      policyImpact(metrics, asked.placement, plan),
      change.term
        ? undefined
        : this.proposals.preview(asked.placement, editsOf(plan)),
    ]);
    return {
      ...objects[objects.length - 1],
      first: objects.slice(0, -1),
      ...rehearsed,
      impact,
      pullRequest,
      takesOverFrom: owners,
      revertedBy: revertedBy || undefined,
      isRequestOnly: (isRequestOnly && revertedBy !== '') || undefined,
      ...findings,
      sentence,
      ends: change.term && {
        at: change.term.at,
        lastsMs: change.term.lastsMs,
      },
    };
  }

  /**
   * @param intent - what was wanted, for the memory.
   * @throws ChangeConflict where an object changed since the preview, UnknownOutcome where nobody can say whether all of it was
   * written. Every other error means that nothing is.
   */
  async apply(
    placement: Placement,
    { entityRef, credentials }: Asker,
    change: Change,
    { lock, intent }: { lock: ChangeLock; intent: RememberedIntent },
  ): Promise<{ result: ApplyResult; isWritten: boolean }> {
    const plan = await this.planner.plan(
      { placement, entityRef },
      change,
      lock,
    );
    const { steps, sentence } = plan;
    const last = steps.length - 1;
    if (!steps.some(({ edit }) => editsSomething(edit))) {
      const object = toObjectYaml(objectOf(steps[last].edit));
      return { result: { object, sentence }, isWritten: false };
    }
    const who = personOf(credentials);
    const why = lock.reason || undefined;
    if (lock.asPullRequest) {
      const by = { placement, entityRef, who, why, intent };
      const { requestHead } = lock;
      const result = await this.proposals.propose(plan, change, {
        ...by,
        requestHead,
      });
      return { result, isWritten: false };
    }
    requireTakeOver(plan, lock, this.options.isRequestOnly ?? false);
    const delivered = await this.delivery.make({
      steps,
      sentence,
      placement,
      entityRef,
      who,
      why,
      intent,
      term: change.term,
    });
    const { cluster } = placement;
    const shown = delivered.map(
      ({ object }, index) => object ?? objectOf(steps[index].edit),
    );
    this.listeners.forEach(listener =>
      shown.forEach(object => listener({ cluster, object, who, why })),
    );
    this.options.logger.info(
      `Changed ${shown
        .map(object => describeRef(refOf(object)))
        .join(' and ')} in ${cluster} for ${entityRef}: ${sentence}${
        why ? ` Why: ${JSON.stringify(why)}` : ''
      }`,
    );
    const remarks = delivered.flatMap(
      ({ object, remark }, index) =>
        // Of an object that was read again, others may have made something else since.
        remark ?? alteredFrom(steps[index], object, 'The cluster stored') ?? [],
    );
    const result = {
      object: toObjectYaml(shown[last]),
      sentence,
      remark: remarks.join(' ') || undefined,
    };
    return { result, isWritten: true };
  }

  /** Asks the API server what it would make of it. */
  private async rehearse(
    { cluster }: Placement,
    plan: Plan,
  ): Promise<
    Pick<ChangePreview, 'dryRun' | 'remark'> & { objects: ChangedObject[] }
  > {
    const { steps } = plan;
    try {
      const stored = await this.delivery.into(cluster).rehearse(steps);
      const blocker = blockerOf(plan);
      const remarks = steps.flatMap(
        (step, index) =>
          alteredFrom(step, stored[index], 'The cluster would store') ?? [],
      );
      return {
        objects: steps.map((step, index) => changedObject(step, stored[index])),
        dryRun: blocker ? { ok: false, message: blocker } : { ok: true },
        remark: remarks.join(' ') || undefined,
      };
    } catch (error) {
      return {
        objects: steps.map(step => changedObject(step, step.after)),
        dryRun: refusal(error),
      };
    }
  }
}

function refusal(error: unknown): ChangePreview['dryRun'] {
  const { name, message } = error as Error;
  if (name === 'Error' || name === 'TypeError') {
    throw error;
  }
  return { ok: false, message };
}
