import type { KubeObject } from '../kube/KubeObject';

/** A place in an object: `['spec', 'http', 0, 'timeout']`. @public */
export type Place = readonly (string | number)[];

/** A value to be set at a place; without a value, what is there is taken away. @public */
export interface Edit {
  at: Place;
  value?: unknown;
}

/** How a finding is mended in its own object, where there is one safe way to do it. @public */
export interface Mend {
  /** What it does, as a sentence. */
  does: string;
  /** In this order. */
  edits: readonly Edit[];
}

/** The object with the edits of a mend made; itself, it stays as it is. @public */
export function mended(object: KubeObject, { edits }: Mend): KubeObject {
  return edits.reduce<any>(
    (current, { at, value }) => edited(current, at, value),
    object,
  );
}

function edited(current: any, [step, ...rest]: Place, value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  const old = current?.[step];
  if (old === undefined && value === undefined) {
    return current;
  }
  const next = edited(old, rest, value);
  const copy = Array.isArray(current) ? [...current] : { ...current };
  if (next !== undefined) {
    copy[step] = next;
  } else if (Array.isArray(copy)) {
    copy.splice(Number(step), 1);
  } else {
    delete copy[step];
  }
  return copy;
}

/** The place that a finding's path names, as `spec.http[0].timeout`; keys with dots are not for it. @public */
export function placeOf(path: string): Place {
  return (path.match(/[^.[\]]+/g) ?? []).map(step =>
    /^\d+$/.test(step) ? Number(step) : step,
  );
}
