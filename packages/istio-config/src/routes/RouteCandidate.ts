import type { KubeObject } from '../kube/KubeObject';
import type { RouteLoser, RouteRule } from './types';

/** What one object, or several that Istio merges, would do with requests to a host. */
export interface RouteCandidate {
  /** The object, or the oldest of those merged. */
  object: KubeObject;
  /** All of them. */
  objects: readonly KubeObject[];
  /** Their hosts, as a Sidecar imports them. */
  hosts: readonly string[];
  /** How exactly they name the host: higher wins. */
  specificity: number;
  /** How near to the caller they are: lower wins before age is asked. */
  distance: number;
  /** Breaks ties of age. */
  name: string;
  /** The only port that they are for. */
  port?: number;
  isGatewayApi: boolean;
  /** Their rules that can take a request of this origin; computed only for those that are in force. */
  rules: () => readonly RouteRule[];
  /** Those of the objects that have no effect for a reason of their own. */
  invalid?: () => readonly RouteLoser[];
}
