import type { Place } from '../kube/place';

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
