import {
  describeRef,
  isSameJson,
  type ObjectEdit,
  objectOf,
  refOf,
} from '@meshdeck/istio-config';
import type {
  MemorizedChange,
  RememberedRequest,
  ServicePlace,
} from '../memory/MemorizedChange';
import { ForgeError } from '../pullRequests/ForgeError';
import { stepOf } from './Change';
import type { ChangeRequests } from './ChangeRequests';
import type { OpenProposal } from './RequestUpdates';

/** A change that somebody wants to propose, and where its files are. */
interface WantedProposal
  extends Partial<Pick<RememberedRequest, 'repository' | 'base'>> {
  placement: ServicePlace;
  edits: readonly ObjectEdit[];
}

/** A request for the same objects waits already. */
interface Waiting {
  /** In a sentence: which one, and what to do. */
  sentence: string;
  /** The one that can be updated instead; absent where it cannot. */
  updates?: { change: OpenProposal & MemorizedChange; head: string };
}

/** Looks which pull requests stand in the way of another one. */
export class WaitingProposals {
  constructor(
    private readonly requests: Pick<ChangeRequests, 'isOpen' | 'updates'>,
  ) {}

  /** A second request for an object would conflict with the first, or undo it. */
  async find(
    proposed: readonly MemorizedChange[],
    wanted: WantedProposal,
  ): Promise<Waiting | undefined> {
    const names = wanted.edits.map(nameOf);
    let updates: Waiting | undefined;
    for (const change of proposed) {
      const { id, steps, request } = change;
      const shared = steps
        .map(({ edit }) => nameOf(edit))
        .find(name => names.includes(name));
      const isOpen =
        shared && request && (await this.requests.isOpen(id, request));
      if (isOpen) {
        const waits = await this.waiting(change, shared, wanted);
        if (!waits.updates) {
          return waits;
        }
        updates = waits;
      }
    }
    return updates;
  }

  private async waiting(
    change: MemorizedChange,
    shared: string,
    wanted: WantedProposal,
  ): Promise<Waiting> {
    const { steps, sentence, request } = change;
    const where = request?.url ?? 'its pull request is being opened';
    const isSame = isSameJson(
      steps.map(({ edit }) => meantBy(edit)),
      wanted.edits.map(meantBy),
    );
    if (isSame) {
      return { sentence: `The same is proposed already: ${where}.` };
    }
    const waits = `A change of ${shared} waits for a decision already: ${where} (${sentence})`;
    const first = `${waits} Merge or close that one first.`;
    if (!isUpdatable(change, wanted)) {
      return { sentence: first };
    }
    try {
      const head = await this.requests.updates.left(change);
      return {
        sentence: `${waits} Preview the change again to update that one.`,
        updates: { change, head },
      };
    } catch (error) {
      if (!(error instanceof ForgeError)) {
        throw error;
      }
      const isForeign = error.reason === 'protected';
      return { sentence: isForeign ? `${error.message} ${first}` : first };
    }
  }
}

/** Whether a request that is open can be for a change that is wanted: of the same service, of exactly the same objects, in the same place. */
function isUpdatable(
  change: MemorizedChange,
  { placement, edits, repository, base }: WantedProposal,
): change is OpenProposal & MemorizedChange {
  const { state, steps, request, cluster, namespace, service } = change;
  const named = (all: readonly ObjectEdit[]) => all.map(nameOf).sort();
  return (
    state === 'proposed' &&
    request?.number !== undefined &&
    request.url !== undefined &&
    request.repository === repository &&
    request.base === base &&
    cluster === placement.cluster &&
    namespace === placement.namespace &&
    service === placement.service &&
    isSameJson(named(steps.map(({ edit }) => edit)), named(edits))
  );
}

function nameOf(edit: ObjectEdit): string {
  return describeRef(refOf(objectOf(edit)));
}

function meantBy(edit: ObjectEdit) {
  const { spec, metadata } = stepOf(edit).after ?? {};
  const { labels, annotations } = metadata ?? {};
  return {
    name: nameOf(edit),
    action: edit.action,
    spec,
    labels,
    annotations,
  };
}
