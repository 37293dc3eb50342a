import type { KubeObject } from '@meshdeck/istio-config';
import type { SourceName } from '@meshdeck/demo-mesh';

/** What is done to the cluster before a service is looked at. */
export type Deed =
  | { patch: string; with: object }
  | { create: KubeObject }
  | { remove: string };

/** A cluster in some state, and what who is on call wants to read of a service first. */
export interface Situation {
  name: string;
  /** `namespace/name` */
  service: string;
  deeds?: Deed[];
  /** Whether the requests of the time before are to be forgotten first. */
  passes?: boolean;
  /** Sources that do not answer. */
  away?: SourceName[];
  level: 'ok' | 'warning' | 'error' | 'unknown';
  sentence: RegExp;
  /** What else is to be said. */
  also?: RegExp;
}

export const WELL = /^All right: /;
