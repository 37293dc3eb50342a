import { Placement, SourceStatus, Verdict } from './common';

/** One service of the mesh among all. @public */
export interface FleetRow {
  placement: Placement;
  /** The entity it belongs to and its owner, where the catalog knows them and the reader may see them. */
  entityRef?: string;
  owner?: string;
  dataPlane: 'sidecar' | 'ambient' | 'mixed' | 'none';
  verdict: Verdict;
  requestsPerSecond?: number;
  errorShare?: number;
  mtlsShare?: number;
  findings: { error: number; warning: number; info: number };
  canary?: { subset: string; share: number };
  /** Versions of the proxies that run beside it. */
  proxyVersions: string[];
  pods: number;
  readyPods: number;
}

/** What a reader wants of the fleet. @public */
export interface FleetQuery {
  /** Part of the name, namespace, owner or verdict. */
  text?: string;
  level?: Verdict['level'];
  cluster?: string;
  namespace?: string;
  owner?: string;
  sort?: FleetSort;
  descending?: boolean;
  /** From the page before. */
  cursor?: string;
  /** At most 1000; by default 100. */
  limit?: number;
}

/** @public */
export type FleetSort =
  | 'service'
  | 'owner'
  | 'health'
  | 'mtls'
  | 'findings'
  | 'requests'
  | 'errors'
  | 'cluster';

/** A page of the fleet; the summary is of all services, whatever the filters. @public */
export interface FleetPage {
  rows: FleetRow[];
  /** How many fit the filters. */
  total: number;
  /** The cursor of the next page. */
  next?: string;
  summary: {
    services: number;
    needAttention: number;
    /** Share of all requests. */
    mtlsShare?: number;
    outsideMesh: number;
  };
  /** Share of requests that came encrypted, by namespace; those that miss the line first. */
  coverage: FleetCoverage[];
  sources: SourceStatus[];
}

/** mTLS of one namespace. @public */
export interface FleetCoverage {
  cluster: string;
  namespace: string;
  services: number;
  requestsPerSecond: number;
  mtlsShare?: number;
}

/** One running version of a part of the mesh. @public */
export interface ComponentVersion {
  component: string;
  version: string;
  count: number;
}

/** The control plane of one cluster. @public */
export interface ControlPlaneView {
  cluster: string;
  verdict: Verdict;
  istiod: { name: string; version?: string; pods: number; readyPods: number }[];
  /** Versions of the proxies in the pods. */
  proxies: ComponentVersion[];
  /** Pushes of the last minutes that failed or were rejected by a proxy, per second. */
  pushErrorsPerSecond?: number;
  pushesPerSecond?: number;
  /** Time until a change is in the proxies, p99. */
  convergenceP99Ms?: number;
  connectedProxies?: number;
  certificates: CertificateView[];
  sources: SourceStatus[];
}

/** A certificate and when it ends. Nothing of its key. @public */
export interface CertificateView {
  /** "root of the mesh", "gateway orion/orion-gateway", "proxies of auth-service". */
  of: string;
  issuer?: string;
  subject?: string;
  hosts?: string[];
  endsAt?: string;
  /** Whole days, rounded down: proxies tell no more. */
  daysLeft?: number;
  /** Where that is known from. */
  from: 'metrics' | 'secret';
  /** Why its end is not known, or what to make of it. */
  message?: string;
}

/** How a source is reached, and what it answers. @public */
export interface SourceDiagnosis {
  cluster: string;
  id: SourceStatus['id'] | 'grafana';
  status: 'ok' | 'down' | 'absent';
  /** The key in app-config.yaml. */
  configKey: string;
  version?: string;
  latencyMs?: number;
  /** What happened, what it means, what to do. */
  message?: string;
}

/** @public */
export interface DiagnosisView {
  checkedAt: string;
  sources: SourceDiagnosis[];
}
