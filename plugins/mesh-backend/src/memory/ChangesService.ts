import { objectOf, refOf } from '@meshdeck/istio-config';
import type {
  ChangesView,
  Placement,
  RememberedChange,
} from '@meshdeck/plugin-mesh-common';
import type { ChangeMemory, MemorizedChange } from './ChangeMemory';

const MOST = 20;
const UNDOABLE_MS = 30 * 24 * 3_600_000;

/** What was changed from this portal for a service. */
export class ChangesService {
  static create(options: { memory: ChangeMemory }) {
    return new ChangesService(options.memory);
  }

  private constructor(private readonly memory: ChangeMemory) {}

  async view(placement: Placement): Promise<ChangesView> {
    const found = await this.memory.of(placement, MOST + 1);
    return {
      changes: found.slice(0, MOST).map(remembered),
      hasMore: found.length > MOST,
    };
  }
}

function remembered(change: MemorizedChange): RememberedChange {
  const { id, at, edit, sentence, who, why, state, undone } = change;
  return {
    id,
    at: new Date(at).toISOString(),
    object: refOf(objectOf(edit)),
    action: edit.action,
    sentence,
    who,
    why,
    state: state === 'written' ? 'written' : 'unsettled',
    undone: undone || undefined,
    canUndo: isUndoable(change),
  };
}

/** Whether a change can still be taken back, as far as the memory knows. */
export function isUndoable({ at, state, undone }: MemorizedChange): boolean {
  return state === 'written' && !undone && Date.now() - at < UNDOABLE_MS;
}
