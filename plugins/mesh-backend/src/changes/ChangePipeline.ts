import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  beforeOf,
  describeRef,
  editsSomething,
  type KubeObject,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type {
  ApplyResult,
  ChangeLock,
  ChangePreview,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import type { ClusterStores } from '../cluster/ClusterStores';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { RefusedRequestError } from '../cluster/kubernetesErrors';
import { toObjectYaml, yamlOf } from '../facts/objects';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { ChangeTerm } from '../memory/ChangeTerm';
import { alterations } from './alterations';
import { gitOpsToolOf } from './binding';
import type { Asked, Change } from './Change';
import { ChangePlanner } from './ChangePlanner';
import { type Delivered, EditDelivery } from './EditDelivery';
import { blockerOf, requireTakeOver, type Plan } from './Plan';
import { policyImpact, type TrafficSource } from './policyImpact';
import { UnknownOutcome } from './UnknownOutcome';

const WHO_ALTERS =
  'An admission webhook or a default of the cluster does that.';

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
  }) {
    return new ChangePipeline(options);
  }

  private readonly listeners = new Set<(change: WrittenChange) => void>();

  private readonly planner: ChangePlanner;

  private constructor(
    private readonly options: Parameters<typeof ChangePipeline.create>[0],
  ) {
    this.planner = ChangePlanner.create(options);
  }

  /** Calls back after each change that was written from here. */
  onWritten(listener: (change: WrittenChange) => void): void {
    this.listeners.add(listener);
  }

  async preview(asked: Asked, change: Change): Promise<ChangePreview> {
    const plan = await this.planner.plan(asked, change);
    const { edit, owners, sentence, findings } = plan;
    const before = beforeOf(edit);
    const [rehearsed, impact] = await Promise.all([
      this.rehearse(asked.placement, plan),
      policyImpact(this.options.metrics, asked.placement, plan),
    ]);
    return {
      object: refOf(objectOf(edit)),
      action: edit.action,
      resourceVersion: before?.metadata.resourceVersion ?? '',
      before: before ? yamlOf(before) : '',
      ...rehearsed,
      impact,
      takesOverFrom: owners,
      revertedBy: before && gitOpsToolOf(before),
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
   * @throws ChangeConflict where the object changed since the preview, UnknownOutcome where nobody can say whether it was
   * written. Every other error means that nothing was.
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
    const { edit, after, sentence } = plan;
    if (!editsSomething(edit)) {
      const result = { object: toObjectYaml(objectOf(edit)), sentence };
      return { result, isWritten: false };
    }
    requireTakeOver(plan, lock);
    const who = personOf(credentials);
    const why = lock.reason || undefined;
    const { object, remark } = await this.remembered(plan, {
      placement,
      entityRef,
      who,
      why,
      intent,
      term: change.term,
    });
    const { cluster } = placement;
    const shown = object ?? objectOf(edit);
    this.listeners.forEach(listener =>
      listener({ cluster, object: shown, who, why }),
    );
    this.options.logger.info(
      `Changed ${describeRef(
        refOf(shown),
      )} in ${cluster} for ${entityRef}: ${sentence}${
        why ? ` Why: ${JSON.stringify(why)}` : ''
      }`,
    );
    const altered = after && object && alterations(after, object);
    const result = {
      object: toObjectYaml(shown),
      sentence,
      // Of an object that was read again, others may have made something else since.
      remark:
        remark ??
        (altered &&
          `The cluster stored something else than what was meant: ${altered}. ${WHO_ALTERS}`),
    };
    return { result, isWritten: true };
  }

  /** Written down before it is written, and what became of it after; where nothing was, nothing is kept. */
  private async remembered(
    plan: Plan,
    {
      placement,
      ...by
    }: {
      placement: Placement;
      entityRef: string;
      who?: string;
      why?: string;
      intent: RememberedIntent;
      term?: ChangeTerm;
    },
  ): Promise<Delivered> {
    const { memory } = this.options;
    const { edit, sentence } = plan;
    const id = await memory.begin({ placement, edit, sentence, ...by });
    try {
      const delivered = await this.deliver(placement, plan);
      await memory.written(id, delivered.object, by.term);
      return delivered;
    } catch (error) {
      if (error instanceof UnknownOutcome) {
        await memory.unknown(id);
      } else {
        await memory.forget(id);
      }
      throw error;
    }
  }

  /** Asks the API server what it would make of it. */
  private async rehearse(
    placement: Placement,
    plan: Plan,
  ): Promise<Pick<ChangePreview, 'after' | 'dryRun' | 'remark'>> {
    const { after } = plan;
    try {
      const stored = await this.delivery(placement).rehearse(plan);
      const blocker = blockerOf(plan);
      const altered = after && stored && alterations(after, stored);
      return {
        after: stored ? yamlOf(stored) : '',
        dryRun: blocker ? { ok: false, message: blocker } : { ok: true },
        remark:
          altered &&
          `The cluster would store something else than what is meant: ${altered}. ${WHO_ALTERS}`,
      };
    } catch (error) {
      return { after: after ? yamlOf(after) : '', dryRun: refusal(error) };
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

  private delivery(placement: Placement): EditDelivery {
    const { deadlineMs } = this.options;
    return EditDelivery.create({
      client: this.client(placement),
      deadlineMs,
    });
  }

  private client({ cluster }: Placement): KubernetesClient {
    const { access, deadlineMs } = this.options;
    return KubernetesClient.create({ access, cluster, deadlineMs });
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
