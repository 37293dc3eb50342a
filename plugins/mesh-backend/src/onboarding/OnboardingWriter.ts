import { randomUUID } from 'node:crypto';
import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  broughtIn,
  describeRef,
  type KubeObject,
  type ObjectEdit,
  objectOf,
  type OnboardingPlan,
  refOf,
} from '@meshdeck/istio-config';
import { LRUCache } from 'lru-cache';
import { type Step, stepOf } from '../changes/Change';
import { ChangeConflict } from '../changes/ChangeConflict';
import { bearsMarkOf, withCreationMark } from '../changes/creationMark';
import { UnseenWrite } from '../changes/EditDelivery';
import { NotMadeWhole } from '../changes/NotMadeWhole';
import type { RememberedDelivery } from '../changes/RememberedDelivery';
import { longestMs } from '../changes/settling';
import { UnknownOutcome } from '../changes/UnknownOutcome';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import type { ChangeMemory } from '../memory/ChangeMemory';
import { ONBOARD } from '../memory/intents';
import type { MemorizedChange, ServicePlace } from '../memory/MemorizedChange';
import { SourceError } from '../sources/SourceError';
import { rehearseAll } from './rehearseAll';

/** What is to be written, of what is there, and for whom. */
export interface PlannedOnboarding {
  client: KubernetesClient;
  place: ServicePlace;
  entityRef: string;
  who?: string;
  plan: OnboardingPlan;
  /** Of the objects of the service, those that are there. */
  there: readonly KubeObject[];
}

/** Writes what a new service needs: one service at a time, all of it or nothing, and never without a note. */
export class OnboardingWriter {
  static create(options: {
    delivery: RememberedDelivery;
    memory: ChangeMemory;
    deadlineMs: number;
  }) {
    return new OnboardingWriter(options);
  }

  /** Services that are written from this process. */
  private readonly running = new Set<string>();
  /** Changes that this process could neither make whole nor take back: nobody works on them but who settles changes, and he waits. */
  private readonly left = new LRUCache<string, true>({ max: 1000 });

  private constructor(
    private readonly options: Parameters<typeof OnboardingWriter.create>[0],
  ) {}

  /** Asks the API server without writing anything. @throws what it would be refused with. */
  async rehearse({ place, plan }: PlannedOnboarding): Promise<void> {
    const delivery = this.options.delivery.into(place.cluster);
    await rehearseAll(delivery, plan.edits.map(stepOf));
  }

  /**
   * @throws ConflictError where somebody else was faster, UnknownOutcome or ServiceUnavailableError where the cluster did not answer; of all
   * of them the message says what is left.
   */
  async write(planned: PlannedOnboarding): Promise<void> {
    const { cluster, namespace, service } = planned.place;
    const key = [cluster, namespace, service].join('/');
    if (this.running.has(key)) {
      throw busy(planned.place);
    }
    this.running.add(key);
    try {
      await this.writeAlone(planned);
    } finally {
      this.running.delete(key);
    }
  }

  private async writeAlone(planned: PlannedOnboarding): Promise<void> {
    const { place, plan } = planned;
    const begun = await this.goneOnWith(place);
    const steps = stepsOf(planned, begun);
    if (steps.length === 0) {
      return;
    }
    const { entityRef, who } = planned;
    const isGoneOn = steps.some(({ made }) => made !== undefined);
    const sentence = isGoneOn
      ? broughtIn(place.service, steps.length)
      : plan.sentence;
    let noted: string | undefined;
    try {
      await this.options.delivery.make(
        {
          placement: place,
          entityRef,
          who,
          intent: { intent: ONBOARD },
          sentence,
          steps,
        },
        {
          takesBackEach: true,
          onNoted: async id => {
            noted = id;
            await this.requireAlone(planned, { id, begun });
          },
        },
      );
    } catch (error) {
      if (noted !== undefined && error instanceof NotMadeWhole) {
        this.left.set(noted, true);
      }
      throw toldOf(error as Error);
    }
  }

  /**
   * Earlier tries that were cut off, and that this one goes on with.
   *
   * @throws ConflictError where somebody else may still be at work on one.
   */
  private async goneOnWith(place: ServicePlace): Promise<MemorizedChange[]> {
    const pending = await this.options.memory.pending(place, ONBOARD);
    if (!pending.every(change => this.isFree(change))) {
      throw busy(place);
    }
    return pending;
  }

  private isFree({ id, at, steps, state }: MemorizedChange): boolean {
    const { deadlineMs } = this.options;
    const isAwaited = Date.now() - at < longestMs(steps.length, deadlineMs);
    return state === 'unknown' || (isAwaited && this.left.has(id));
  }

  /**
   * Of two that begin at once in two replicas, each sees the other's note, and gives way.
   *
   * @throws ConflictError where somebody else has begun, or took away what this one counts on.
   */
  private async requireAlone(
    { client, place, there }: PlannedOnboarding,
    { id, begun }: { id: string; begun: readonly MemorizedChange[] },
  ): Promise<void> {
    const { memory } = this.options;
    const known = new Set([id, ...begun.map(change => change.id)]);
    const pending = await memory.pending(place, ONBOARD);
    if (!pending.every(change => known.has(change.id))) {
      throw busy(place);
    }
    for (const object of there) {
      const current = await client.find(refOf(object));
      if (
        current?.metadata.uid !== object.metadata.uid ||
        current?.metadata.deletionTimestamp
      ) {
        throw new ConflictError(
          `${describeRef(
            refOf(object),
          )} was taken away at this moment. Nothing was written; try again.`,
        );
      }
    }
    for (const change of begun) {
      await memory.forget(change.id);
      this.left.delete(change.id);
    }
  }
}

/** In the order of the objects; what an earlier try made is a part of this one. */
function stepsOf(
  { plan, there }: PlannedOnboarding,
  begun: readonly MemorizedChange[],
): Step[] {
  const call = randomUUID();
  const made = begun.flatMap(({ steps }) => steps.map(({ edit }) => edit));
  return plan.objects.flatMap((object): Step[] => {
    const label = labelOf(object);
    const isOf = (edit: ObjectEdit) => labelOf(objectOf(edit)) === label;
    const edit = plan.edits.find(isOf);
    if (edit?.action === 'create') {
      const marked = withCreationMark(edit.object, call);
      return [stepOf({ action: 'create', object: marked })];
    }
    if (edit) {
      return [stepOf(edit)];
    }
    const current = there.find(one => labelOf(one) === label);
    const creation = made.find(
      one =>
        one.action === 'create' &&
        isOf(one) &&
        current &&
        bearsMarkOf(one.object, current),
    );
    return creation && current
      ? [{ edit: creation, after: current, made: current }]
      : [];
  });
}

function labelOf(object: KubeObject): string {
  return describeRef(refOf(object));
}

function busy({ namespace, service }: ServicePlace): Error {
  return new ConflictError(
    `${namespace}/${service} is being brought into the mesh at this moment, or what was left of an earlier try is being taken back. Nothing was written; try again in a minute.`,
  );
}

/** What became of it, and what is left, for people. */
function toldOf(error: Error): Error {
  if (!(error instanceof NotMadeWhole)) {
    return isUnanswered(error) && !(error instanceof UnknownOutcome)
      ? new ServiceUnavailableError(`${error.message} Nothing was written.`)
      : error;
  }
  const { reason, failed, left } = error;
  const names = left.map(({ name, why }) => `${name} (${why})`).join(', ');
  const message = `${labelOf(objectOf(failed))} could not be written: ${whyOf(
    reason,
    failed,
  )} ${
    left.length > 0
      ? `Look at what is left, and delete what you do not want: ${names}. Running the template again goes on from there.`
      : 'What was written before it has been taken back.'
  }`;
  if (reason instanceof ServiceUnavailableError || isUnanswered(reason)) {
    return left.length > 0
      ? new UnknownOutcome(message)
      : new ServiceUnavailableError(message);
  }
  return reason.name === 'InputError'
    ? new InputError(message)
    : new ConflictError(message);
}

function whyOf(reason: Error, failed: ObjectEdit): string {
  if (reason instanceof ChangeConflict) {
    return failed.action === 'create'
      ? 'it exists, somebody else created it at this moment.'
      : 'somebody changed it at this moment.';
  }
  return reason instanceof UnseenWrite || reason instanceof UnknownOutcome
    ? 'the cluster did not answer.'
    : `${reason.message.replace(/\.?$/, '.')}`;
}

function isUnanswered(error: Error): boolean {
  return (
    error instanceof SourceError &&
    (error.answered === undefined || error.answered >= 500)
  );
}
