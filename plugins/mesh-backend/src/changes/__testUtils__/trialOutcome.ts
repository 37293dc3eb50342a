import { type KubeObject, takesEndAway } from '@meshdeck/istio-config';
import type { ChangeMemory } from '../../memory/ChangeMemory';
import type { MemorizedChange } from '../../memory/MemorizedChange';
import { type ChangeEndState, END } from '../../memory/ChangeTerm';

/** Processes of one machine have one clock, which is read at different moments. */
const TOLERANCE_MS = 50;

/** What is there after a service was broken for a time. */
export interface TrialOutcome {
  isAsBefore: boolean;
  /** How often its spec was written. */
  writes: number;
  /** What the memory says became of it. */
  remembered: string;
  isOnTime: boolean;
}

/** Of the only change of `auth` in a namespace. */
export async function trialOutcome(
  memory: ChangeMemory,
  before: KubeObject,
  now: KubeObject,
): Promise<TrialOutcome> {
  const { namespace = '', generation = 0 } = before.metadata;
  const place = { cluster: 'c', namespace, service: 'auth' };
  const changes = await memory.of(place, 100);
  const ends = await memory.endsOf(changes.map(({ id }) => id));
  return {
    isAsBefore: written(now) === written(before),
    writes: (now.metadata.generation ?? 0) - generation,
    remembered: changes
      .map(change => inWords(change, ends.get(change.id)))
      .sort()
      .join(' | '),
    isOnTime: changes
      .filter(({ intent }) => intent === END)
      .every(({ at, undoes = '' }) => isAfter(at, ends.get(undoes))),
  };
}

/** Made and ended, each once and not too early, or never made; and the memory says the same. */
export function isGood(outcome: TrialOutcome): boolean {
  const { isAsBefore, writes, remembered, isOnTime } = outcome;
  const isEnded =
    writes === 2 &&
    remembered ===
      'end gives back: written | fault takes: written, undone, closed';
  const isNeverMade =
    writes === 0 && ['', 'fault takes: writing, open'].includes(remembered);
  return isAsBefore && isOnTime && (isEnded || isNeverMade);
}

function written({ spec, metadata }: KubeObject): string {
  return JSON.stringify([spec, metadata.annotations]);
}

function inWords(change: MemorizedChange, end?: ChangeEndState): string {
  const { intent, state, undone, steps } = change;
  const does = steps.some(({ edit }) => takesEndAway(edit))
    ? 'gives back'
    : 'takes';
  const more = [
    ...(undone ? ['undone'] : []),
    ...(end ? [end.isClosed ? 'closed' : 'open'] : []),
  ];
  return `${intent} ${does}: ${[state, ...more].join(', ')}`;
}

function isAfter(at: number, end: ChangeEndState | undefined): boolean {
  return end !== undefined && at >= Date.parse(end.at) - TOLERANCE_MS;
}
