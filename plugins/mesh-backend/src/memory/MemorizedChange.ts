import type { KubeObject, ObjectEdit } from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { ChangeTerm } from './ChangeTerm';

/** Of which service a change is. */
export type ServicePlace = Pick<Placement, 'cluster' | 'namespace' | 'service'>;

/** An edit that was made, and its object as the cluster stored it; absent where that is gone, or nobody knows. */
export interface MadeStep {
  edit: ObjectEdit;
  after?: KubeObject;
}

/** A change that is made in files: its pull request. */
export interface RememberedRequest {
  /** The repository’s URL, as Argo CD or Flux has it. */
  repository: string;
  /** The branch that it is for. */
  base: string;
  /** Absent until it is known to be open. */
  number?: number;
  /** For people. */
  url?: string;
  /** Absent where it is the change's own. */
  branch?: string;
  /** The newest commit that the portal left on its branch; absent where that could not be noted. */
  head?: string;
  /** The change whose request it was before it was updated for this one. */
  replaces?: string;
}

/** A change as it was made. */
export interface MemorizedChange extends ServicePlace {
  id: string;
  /** Milliseconds. */
  at: number;
  entityRef: string;
  who?: string;
  why?: string;
  intent: string;
  sentence: string;
  /** In the order in which they were made: at least one. */
  steps: readonly MadeStep[];
  /**
   * `writing`: on its way, or the portal stopped in the middle. `returning`: some of it was made and not all, and that is being taken back.
   * `proposing`: its pull request is being opened; `proposed`: that waits for its merge, or for the cluster to have it; `declined`: it was closed;
   * `replaced`: another change came to the same request.
   */
  state:
    | 'writing'
    | 'returning'
    | 'written'
    | 'unknown'
    | 'proposing'
    | 'proposed'
    | 'declined'
    | 'replaced';
  /** Of a change that is made in files. */
  request?: RememberedRequest;
  undoes?: string;
  undone: boolean;
}

/** What is known before anything is written. */
export interface BeginningChange {
  placement: ServicePlace;
  entityRef: string;
  who?: string;
  why?: string;
  intent: { intent: string; undoes?: string };
  edits: readonly ObjectEdit[];
  sentence: string;
  /** When it ends by itself. */
  term?: ChangeTerm;
  /** Where it is to be made in files. */
  request?: RememberedRequest;
}
