import type { ChangeEnd } from '@meshdeck/istio-config';
import { randomUUID } from 'node:crypto';
import type { Entry } from '../durable/Lease';

/** What the memory calls the end of a change: the intent of it, and the kind of work. */
export const END = 'end';

/** For how long a change is made. */
export interface ChangeTerm extends ChangeEnd {
  lastsMs: number;
}

/** What is known of the end of a change. */
export type EndState = {
  /** ISO 8601. */
  at: string;
  lastsMs: number;
  /** Of the end's own note, so that there is only one. */
  note: string;
  /** How often it could not be ended, one time after the other. */
  tries: number;
  /** Why it could not be, the last time. */
  problem?: string;
  /**
   * How it came out. `over`: it is as it was before, or the object is gone. `changed`: somebody made something else of it, and it was left
   * alone. `unseen`: the change itself was never seen in the cluster.
   */
  outcome?: 'over' | 'changed' | 'unseen';
  /** YAML of the object as the change left it, where somebody changed it. */
  left?: string;
  /** YAML of the object as it was found then. */
  found?: string;
};

/** It, as the memory tells it. */
export type ChangeEndState = EndState & { isClosed: boolean };

/** The end of a term as something that is to be done. */
export function endOf({ id, at, lastsMs }: ChangeTerm): Entry<EndState> {
  return {
    kind: END,
    name: id,
    state: { at, lastsMs, note: randomUUID(), tries: 0 },
    dueAt: Date.parse(at),
  };
}
