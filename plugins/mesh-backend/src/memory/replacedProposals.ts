import { randomUUID } from 'node:crypto';
import type { ChangeMemory } from './ChangeMemory';
import { type Row, TABLE } from './changeRows';
import type { BeginningChange, RememberedRequest } from './MemorizedChange';

type Memory = Pick<ChangeMemory, 'inTransaction' | 'note' | 'drop'>;

/** A change that comes to the request of another. */
export interface ReplacingChange extends BeginningChange {
  request: RememberedRequest & {
    number: number;
    url: string;
    replaces: string;
  };
}

/**
 * Notes a change that is about to come to the request of another one, which is replaced from now on.
 *
 * @returns its id; undefined where the other one does not wait any more, or somebody else has just replaced it.
 * @throws ServiceUnavailableError where the database does not take it: then nothing may be pushed.
 */
export function replaceProposal(
  memory: Memory,
  change: ReplacingChange,
): Promise<string | undefined> {
  return memory.inTransaction(async tx => {
    const replaced = await tx<Row>(TABLE)
      .where({ id: change.request.replaces, state: 'proposed' })
      .update({ state: 'replaced' });
    if (replaced === 0) {
      return undefined;
    }
    const id = randomUUID();
    await memory.note(tx, id, change);
    return id;
  });
}

/** Its commit is on the branch. One that came so late that it was taken back is noted again. */
export function confirmReplacing(
  memory: Memory,
  id: string,
  change: ReplacingChange,
): Promise<void> {
  return memory.inTransaction(async tx => {
    const { request } = change;
    const proposed = { state: 'proposed', request: JSON.stringify(request) };
    const confirm = () => tx(TABLE).where({ id }).update(proposed);
    if ((await confirm()) === 0) {
      await tx(TABLE)
        .where({ id: request.replaces, state: 'proposed' })
        .update({ state: 'replaced' });
      await memory.note(tx, id, change);
      await confirm();
    }
  });
}

/** Its commit did not come to the branch: the change before it waits again. */
export function takeReplacingBack(
  memory: Memory,
  id: string,
  replaces: string,
): Promise<void> {
  return memory.inTransaction(async tx => {
    const open = await tx<Row>(TABLE)
      .where({ id, state: 'proposing' })
      .first('id');
    if (open) {
      await memory.drop(tx, id);
      await tx<Row>(TABLE)
        .where({ id: replaces, state: 'replaced' })
        .update({ state: 'proposed' });
    }
  });
}
