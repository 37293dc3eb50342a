import { ONBOARD } from '../memory/intents';
import type { MemorizedChange } from '../memory/MemorizedChange';

/** A change of several objects is no longer on its way then, and nobody takes it back any more but who settles changes. */
export function longestMs(objects: number, deadlineMs: number): number {
  return 6 * deadlineMs * objects;
}

/** Of a new service, each object goes that is still as it was made; of every other change, what is named stays as long as what names it. */
export function isTakenBackEach({
  intent,
}: Pick<MemorizedChange, 'intent'>): boolean {
  return intent === ONBOARD;
}
