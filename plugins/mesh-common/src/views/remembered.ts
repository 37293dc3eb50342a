import type { ChangedObject } from './changes';
import type { ObjectRef, Placement } from './common';

/** The end of a change that ends by itself. @public */
export interface RememberedEnd {
  /** ISO 8601: when it ends, or was to end. */
  at: string;
  lastsMs: number;
  /**
   * `late`: it should have ended and could not be ended yet; that is tried until it is done. `changed`: somebody made something else of it, so it
   * was left alone, and it is tried no more.
   */
  state: 'waiting' | 'late' | 'ended' | 'changed';
  /** Why it is late. */
  problem?: string;
  /** YAML of the object as the change left it, and as it was found, where somebody changed it. */
  left?: string;
  found?: string;
}

/** A change that was made from this portal. @public */
export interface RememberedChange {
  id: string;
  /** ISO 8601. */
  at: string;
  object: ObjectRef;
  action: 'create' | 'change' | 'delete';
  /** What was written before it; mostly nothing. */
  first: Pick<ChangedObject, 'object' | 'action'>[];
  sentence: string;
  /** The entity ref of the person; absent where a plugin acted for nobody. */
  who?: string;
  why?: string;
  /**
   * `unsettled`: it is not known yet, or not at all, whether it was written. `proposed`: its pull request waits for the merge, or for the
   * cluster to have it; `declined`: that was closed; `replaced`: another change came to the same pull request.
   */
  state: 'written' | 'unsettled' | 'proposed' | 'declined' | 'replaced';
  /** The URL of its pull request. */
  request?: string;
  undone?: boolean;
  /** Whether it can be taken back from here. */
  canUndo: boolean;
  /** The names of the permissions that taking it back needs. */
  needs: string[];
  /** Absent where it stays. */
  end?: RememberedEnd;
}

/** A change among those of all services. @public */
export interface FleetChange extends RememberedChange {
  placement: Placement;
  /** For whose page it was made. */
  entityRef: string;
}

/** @public */
export interface FleetChangesQuery {
  /** The `next` of another page. */
  cursor?: string;
  /** At most 200; by default 50. */
  limit?: number;
}

/** What was changed from this portal for services whose entities the reader may see, newest first. @public */
export interface FleetChangesPage {
  changes: FleetChange[];
  /** The cursor of older ones, where there are any. */
  next?: string;
}

/** What was changed from this portal for a service, newest first. @public */
export interface ChangesView {
  changes: RememberedChange[];
  /** There are older ones. */
  hasMore: boolean;
  /** Why the reader may not change the service where that needs a permission, by its name; of what they may, nothing. */
  cannot: Record<string, string>;
}
