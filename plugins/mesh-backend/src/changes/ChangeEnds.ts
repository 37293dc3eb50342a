import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  afterOf,
  bearsEndOf,
  endingOf,
  type KubeObject,
  type ObjectEdit,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { KubernetesClient } from '../cluster/KubernetesClient';
import { Fenced } from '../durable/Fenced';
import type { HeldLease } from '../durable/HeldLease';
import type { Done, LeasedWork } from '../durable/LeaseRunner';
import { yamlOf } from '../facts/objects';
import type { ChangeMemory } from '../memory/ChangeMemory';
import type { MadeStep, MemorizedChange } from '../memory/MemorizedChange';
import { END, type EndState } from '../memory/ChangeTerm';
import { auditOwnAct, namesOf } from './auditOwnAct';
import { stepOf } from './Change';
import { ChangeConflict } from './ChangeConflict';
import { EditDelivery } from './EditDelivery';
import { UnknownOutcome } from './UnknownOutcome';

const LONGEST_BACKOFF_MS = 15_000;
/** A change that nobody saw is looked for so often, and so long: a portal that was frozen may still write it. */
const LOOK_EVERY_MS = 60_000;
const LOOK_FOR_MS = 3_600_000;

/**
 * Ends changes that are to end by themselves. It is the portal's own act: nobody is asked for a permission, and nothing is taken back but what
 * the change itself did. What somebody made something else of is left alone; where only the cluster does not answer, it is tried until it does.
 */
export class ChangeEnds implements LeasedWork<EndState> {
  static create(options: {
    memory: ChangeMemory;
    access: MeshClusterAccess;
    auditor: AuditorService;
    logger: LoggerService;
    deadlineMs: number;
  }) {
    return new ChangeEnds(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ChangeEnds.create>[0],
  ) {}

  async run(held: HeldLease<EndState>): Promise<Done<EndState>> {
    const { state } = held;
    const made = await this.options.memory.byId(held.name);
    if (!made || made.undone) {
      return closed(state, 'over');
    }
    try {
      return await this.look(made, held);
    } catch (error) {
      if (error instanceof Fenced) {
        throw error;
      }
      return error instanceof ChangeConflict
        ? // Somebody changed the object in between; what of it, the next look says.
          { state, dueInMs: 0 }
        : this.late(made, state, error as Error);
    }
  }

  private async look(
    made: MemorizedChange,
    held: HeldLease<EndState>,
  ): Promise<Done<EndState>> {
    const { memory } = this.options;
    const { state } = held;
    const { id } = made;
    const { edit, after } = timedStep(made);
    const left = after ?? afterOf(edit) ?? objectOf(edit);
    const current = await this.client(made).find(refOf(objectOf(edit)));
    if (made.state !== 'written') {
      if (!current || !bearsEndOf(edit, current)) {
        return this.unseen(made, held);
      }
      await held.fenced(tx => memory.confirm(tx, id, [current]));
    }
    const ending = endingOf(edit, left, current);
    switch (ending.does) {
      case 'edit':
        return this.end(made, held, ending.edit);
      case 'conflict':
        return this.leave(made, state, { left, found: current ?? left });
      default:
        return {
          ...closed(state, 'over'),
          along: async tx => {
            await memory.takenBack(tx, id);
            // An end that was made and not confirmed.
            await memory.confirm(tx, state.note, [current]);
          },
        };
    }
  }

  private async end(
    made: MemorizedChange,
    held: HeldLease<EndState>,
    edit: ObjectEdit,
  ): Promise<Done<EndState>> {
    const { memory, deadlineMs, logger } = this.options;
    const { id, entityRef, sentence } = made;
    const { note } = held.state;
    await held.fenced(tx =>
      memory.note(tx, note, {
        placement: made,
        entityRef,
        intent: { intent: END, undoes: id },
        edits: [edit],
        sentence: `Ended by itself: ${sentence}`,
      }),
    );
    const event = await this.audit(made);
    try {
      const delivery = EditDelivery.create({
        client: this.client(made),
        deadlineMs,
      });
      const { object } = await delivery.deliver(stepOf(edit));
      if (object && bearsEndOf(timedStep(made).edit, object)) {
        throw new UnknownOutcome('The cluster kept what was to end.');
      }
      logger.info(`${namesOf(made)} was ended by itself: ${sentence}`);
      await event?.success({ meta: { outcome: 'written' } });
      return {
        ...closed(held.state, 'over'),
        along: async tx => {
          await memory.confirm(tx, note, [object]);
        },
      };
    } catch (error) {
      await event?.fail({ error: error as Error });
      if (!(error instanceof UnknownOutcome)) {
        await held.fenced(tx => memory.drop(tx, note));
      }
      throw error;
    }
  }

  /** Somebody made something else of it: nothing is overwritten, and it is tried no more. */
  private async leave(
    made: MemorizedChange,
    state: EndState,
    { left, found }: { left: KubeObject; found: KubeObject },
  ): Promise<Done<EndState>> {
    const message = `${namesOf(
      made,
    )} was changed by somebody since, so what was to end by itself was left alone`;
    this.options.logger.warn(message);
    const event = await this.audit(made);
    await event?.fail({ error: new Error(message) });
    return {
      state: {
        ...state,
        outcome: 'changed',
        problem: undefined,
        left: yamlOf(left),
        found: yamlOf(found),
      },
      closed: true,
    };
  }

  private unseen(
    made: MemorizedChange,
    { state, foundAt }: HeldLease<EndState>,
  ): Done<EndState> {
    const { memory, deadlineMs } = this.options;
    if (foundAt - Date.parse(state.at) > LOOK_FOR_MS) {
      return {
        ...closed(state, 'unseen'),
        along: tx => memory.unsure(tx, made.id),
      };
    }
    // A write that is on its way has its own look, twice as long as the deadline.
    const begunAt = Date.parse(state.at) - state.lastsMs;
    const isOnItsWay = foundAt - begunAt < 3 * deadlineMs;
    return { state, dueInMs: isOnItsWay ? 1_000 : LOOK_EVERY_MS };
  }

  private late(
    made: MemorizedChange,
    state: EndState,
    { message }: Error,
  ): Done<EndState> {
    const { logger } = this.options;
    const text = `${namesOf(made)} should have ended at ${
      state.at
    }: ${message}`;
    if (state.tries === 0) {
      logger.warn(`${text} It is tried until it is done.`);
    } else {
      logger.debug(text);
    }
    return {
      state: { ...state, tries: state.tries + 1, problem: message },
      dueInMs: 0,
      restMs: Math.min(1_000 * 2 ** state.tries, LONGEST_BACKOFF_MS),
    };
  }

  private audit(made: MemorizedChange) {
    return auditOwnAct(this.options, 'change-end', made);
  }

  private client({ cluster }: MemorizedChange): KubernetesClient {
    const { access, deadlineMs } = this.options;
    return KubernetesClient.create({ access, cluster, deadlineMs });
  }
}

function closed(
  state: EndState,
  outcome: 'over' | 'unseen',
): { state: EndState; closed: true } {
  return { state: { ...state, outcome, problem: undefined }, closed: true };
}

/** What ends by itself is one edit. */
function timedStep({ steps: [step] }: MemorizedChange): MadeStep {
  return step;
}
