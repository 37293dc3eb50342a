import { ViewBase } from './common';

/** How much a topology shows: the service with its neighbours, or all services of its system. @public */
export type TopologyScope = 'service' | 'system';

/** @public */
export const TOPOLOGY_SCOPES: TopologyScope[] = ['service', 'system'];

/** @public */
export interface TopologyQuery {
  scope?: TopologyScope;
}

/** One version of the service behind a node. Its numbers are of the requests that the shown edges bring. @public */
export interface TopologyVersion {
  version: string;
  pods: number;
  readyPods: number;
  requestsPerSecond?: number;
  errorShare?: number;
}

/** A side of calls. @public */
export interface TopologyNode {
  id: string;
  /**
   * `unknown`: callers whose name no proxy knows; `external`: what the mesh does not run; `more`: those that did not fit,
   * together.
   */
  kind: 'service' | 'workload' | 'gateway' | 'unknown' | 'external' | 'more';
  name: string;
  namespace?: string;
  /** True for the services that the view is about. */
  isSubject: boolean;
  dataPlane?: 'sidecar' | 'ambient' | 'mixed' | 'none';
  versions: TopologyVersion[];
  /** Where cluster and catalog agree on it and the reader may see it. */
  entityRef?: string;
  owner?: string;
  /** True where only the annotation of the entity says so: neither the Service nor its Namespace names one. */
  isClaimed?: boolean;
}

/** Calls from one node to another. @public */
export interface TopologyEdge {
  from: string;
  to: string;
  protocol: 'http' | 'tcp';
  /** Of HTTP and gRPC. */
  requestsPerSecond?: number;
  /** 0 to 1, of HTTP and gRPC. */
  errorShare?: number;
  /** At the side that is called; of the slowest version, where several call. */
  p99Ms?: number;
  /** Of TCP. */
  connectionsPerSecond?: number;
  /** Of TCP, both directions. */
  bytesPerSecond?: number;
  mtls: 'yes' | 'no' | 'partly' | 'unknown';
}

/** The Topology tab: the busiest edges first. @public */
export interface TopologyView extends ViewBase {
  scope: TopologyScope;
  nodes: TopologyNode[];
  edges: TopologyEdge[];
}
