import { hasEnd, objectOf, refOf, takesEndAway } from '@meshdeck/istio-config';
import type {
  ChangesView,
  Placement,
  RememberedChange,
  RememberedEnd,
} from '@meshdeck/plugin-mesh-common';
import type { ChangeMemory } from './ChangeMemory';
import type { MemorizedChange } from './MemorizedChange';
import { type ChangeEndState, END } from './ChangeTerm';
import { permissionsToUndo } from './permissionsToUndo';

const MOST = 20;
const UNDOABLE_MS = 30 * 24 * 3_600_000;
/** The replicas look every second; past that, none does. */
const LATE_MS = 15_000;

/** What was changed from this portal for a service. */
export class ChangesService {
  static create(options: { memory: ChangeMemory }) {
    return new ChangesService(options.memory);
  }

  private constructor(private readonly memory: ChangeMemory) {}

  async view(placement: Placement): Promise<Omit<ChangesView, 'cannot'>> {
    const found = await this.memory.of(placement, MOST + 1);
    const told = await toldOf(this.memory, found.slice(0, MOST));
    return {
      changes: told.map(each => each.told),
      hasMore: found.length > MOST,
    };
  }
}

/** What is told of changes; what never was in the cluster is left out. */
export async function toldOf(
  memory: Pick<ChangeMemory, 'undoneBy' | 'endsOf' | 'now'>,
  found: readonly MemorizedChange[],
): Promise<{ change: MemorizedChange; told: RememberedChange }[]> {
  const ends = await memory.endsOf(
    found
      .filter(({ steps }) => steps.some(({ edit }) => hasEnd(edit)))
      .map(({ id }) => id),
  );
  const now = ends.size > 0 ? await memory.now() : 0;
  const told = found.filter(change => isToBeTold(change, ends.get(change.id)));
  const ids = new Set(found.map(({ id }) => id));
  const earlier = await memory.undoneBy(
    found
      .filter(({ undoes }) => undoes !== undefined && !ids.has(undoes))
      .map(({ id }) => id),
  );
  const known = [...found, ...earlier];
  return told.map(change => ({
    change,
    told: {
      ...remembered(change, ends.get(change.id), now),
      needs: permissionsToUndo(change, known).map(({ name }) => name),
    },
  }));
}

/** Of an end that is being made, the change tells; what was never seen in the cluster never was. */
function isToBeTold(
  { intent, state }: MemorizedChange,
  end: ChangeEndState | undefined,
): boolean {
  return state === 'written' || (intent !== END && end?.outcome !== 'unseen');
}

function remembered(
  change: MemorizedChange,
  end: ChangeEndState | undefined,
  now: number,
): Omit<RememberedChange, 'needs'> {
  const { id, at, steps, sentence, who, why, undone, request } = change;
  const objects = steps.map(({ edit }) => ({
    object: refOf(objectOf(edit)),
    action: edit.action,
  }));
  return {
    id,
    at: new Date(at).toISOString(),
    ...objects[objects.length - 1],
    first: objects.slice(0, -1),
    sentence,
    who,
    why,
    state: toldState(change),
    request: request?.url,
    undone: undone || undefined,
    canUndo: isUndoable(change),
    end: end && rememberedEnd(end, undone, now),
  };
}

function toldState({ state }: MemorizedChange): RememberedChange['state'] {
  switch (state) {
    case 'written':
    case 'proposed':
    case 'declined':
    case 'replaced':
      return state;
    default:
      return 'unsettled';
  }
}

function rememberedEnd(
  { at, lastsMs, isClosed, outcome, problem, left, found }: ChangeEndState,
  isUndone: boolean,
  now: number,
): RememberedEnd {
  if (outcome === 'changed' && !isUndone) {
    return { at, lastsMs, state: 'changed', left, found };
  }
  if (isUndone || isClosed) {
    return { at, lastsMs, state: 'ended' };
  }
  const isLate = problem || now - Date.parse(at) > LATE_MS;
  return isLate
    ? { at, lastsMs, state: 'late', problem }
    : { at, lastsMs, state: 'waiting' };
}

/** Whether a change can still be taken back, as far as the memory knows. */
export function isUndoable({
  at,
  state,
  undone,
  steps,
}: MemorizedChange): boolean {
  return (
    state === 'written' &&
    !undone &&
    Date.now() - at < UNDOABLE_MS &&
    // Back again, it would stand without an end.
    !steps.some(({ edit }) => takesEndAway(edit))
  );
}
