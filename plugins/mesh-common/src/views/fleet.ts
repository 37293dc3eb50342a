import { Placement, SourceStatus, Verdict } from './common';
import type { OverviewView } from './overview';

/** One service of the mesh among all. @public */
export interface FleetRow {
  placement: Placement;
  /** The entity it belongs to and its owner, where cluster and catalog agree and the reader may see them. */
  entityRef?: string;
  owner?: string;
  /** True where only the annotation of the entity says so: neither the Service nor its Namespace names one. */
  isClaimed?: boolean;
  dataPlane: 'sidecar' | 'ambient' | 'mixed' | 'none';
  verdict: Verdict;
  requestsPerSecond?: number;
  errorShare?: number;
  p99Ms?: number;
  mtlsShare?: number;
  findings: { error: number; warning: number; info: number };
  canary?: OverviewView['canary'];
  /** Versions of the proxies that run beside it. */
  proxyVersions: string[];
  pods: number;
  readyPods: number;
}

/** What a reader wants of the fleet. @public */
export interface FleetQuery {
  /** Part of the name, namespace, cluster, owner or verdict. */
  text?: string;
  /** `attention`: warnings and errors. */
  level?: Verdict['level'] | 'attention';
  cluster?: string;
  namespace?: string;
  /** An entity reference. */
  owner?: string;
  /** By default health. */
  sort?: FleetSort;
  descending?: boolean;
  /** From another page of the same order: its `next` or its `previous`. */
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

/** @public */
export const FLEET_SORTS: FleetSort[] = [
  'service',
  'owner',
  'health',
  'mtls',
  'findings',
  'requests',
  'errors',
  'cluster',
];

/** A source of one cluster. @public */
export interface FleetSource extends SourceStatus {
  cluster: string;
}

/** A page of the fleet; the summary is of all services, whatever the filters. @public */
export interface FleetPage {
  verdict: Verdict;
  rows: FleetRow[];
  /** How many fit the filters. */
  total: number;
  /** How many of them come before the first row. */
  offset: number;
  /** Cursors of the pages beside this one. */
  next?: string;
  previous?: string;
  summary: FleetSummary;
  /** What one may filter by. Owners are left out for a reader who may see some entities only. */
  choices: { clusters: string[]; namespaces: string[]; owners?: string[] };
  sources: FleetSource[];
}

/** @public */
export interface FleetSummary {
  services: number;
  /** With a warning or an error. */
  needAttention: number;
  /** With an error. */
  broken: number;
  /** Of which not everything is known that could say otherwise. */
  notKnown: number;
  /** Their pods have no proxy. */
  outsideMesh: number;
  requestsPerSecond?: number;
  /** Share of all requests. */
  mtlsShare?: number;
  /** Services that were not looked at yet: a portal that has just started fills the page little by little. */
  pending: number;
}

/** The share of requests that should come encrypted in each namespace. @public */
export const MTLS_LINE = 0.95;

/** mTLS of all namespaces; those that miss the line first. @public */
export interface FleetCoverageView {
  namespaces: FleetCoverage[];
  sources: FleetSource[];
}

/** mTLS of one namespace. @public */
export interface FleetCoverage {
  cluster: string;
  namespace: string;
  services: number;
  /** Services whose pods have no proxy. */
  outsideMesh: number;
  requestsPerSecond?: number;
  /** Share of its requests; unknown where nobody calls. */
  mtlsShare?: number;
}

/** Proxies of one kind and version. @public */
export interface ProxyVersion {
  component: 'sidecar' | 'gateway' | 'ztunnel';
  version: string;
  count: number;
  /** Against istiod: Istio allows proxies that are one minor version behind, and none that are ahead. */
  skew: 'none' | 'allowed' | 'behind' | 'ahead' | 'unknown';
}

/** The control planes of all clusters. @public */
export interface ControlPlanesView {
  clusters: ControlPlaneView[];
}

/** The control plane of one cluster. @public */
export interface ControlPlaneView {
  cluster: string;
  verdict: Verdict;
  istiod: { name: string; version?: string; pods: number; readyPods: number }[];
  /** Versions of the proxies in the pods, oldest first. */
  proxies: ProxyVersion[];
  /** Of the last five minutes. */
  pushesPerSecond?: number;
  /** Pushes that failed, and configuration that a proxy rejected. */
  pushErrorsPerSecond?: number;
  /** Time until a change is in the proxies, p99. */
  convergenceP99Ms?: number;
  connectedProxies?: number;
  certificates: CertificateView[];
  sources: SourceStatus[];
}

/** A certificate and when it ends. Nothing of its key. @public */
export interface CertificateView {
  /** "Mesh root CA", "gateway orion/orion-gateway", "proxies of auth-service". */
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

/** Certificates that concern something, and what the sources said of themselves. @public */
export interface CertificatesView {
  certificates: CertificateView[];
  sources: SourceStatus[];
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
