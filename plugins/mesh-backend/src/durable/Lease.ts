import type { JsonObject } from '@backstage/types';

/** Something that is to be done later. */
export interface Entry<State extends JsonObject = JsonObject> {
  kind: string;
  /** One of its kind. */
  name: string;
  /** What whoever does it needs to know, and has found out. */
  state: State;
  /** Milliseconds by the database's clock. */
  dueAt: number;
}

/** It, in the hands of one owner. */
export interface Lease<State extends JsonObject = JsonObject>
  extends Entry<State> {
  id: string;
  owner: string;
  /** Higher than that of every owner before. */
  epoch: number;
  /** When it was found due, by the database's clock, in milliseconds. */
  foundAt: number;
}

/** When it goes on; closed, it does not. */
export type Outlook<State extends JsonObject = JsonObject> =
  | { state: State; dueInMs: number }
  | { state: State; closed: true };
