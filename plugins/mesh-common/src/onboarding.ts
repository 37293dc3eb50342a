import type { Finding } from './views';

/** Bring a new service into the mesh: answers, from which the portal renders all that is written. @public */
export interface OnboardingRequest {
  cluster: string;
  namespace: string;
  /** Of the Service and, as its own or as a prefix, of all other objects. */
  name: string;
  /** Entity reference; one of the groups of whoever asks. */
  owner: string;
  /** Entity reference of the system that it belongs to. */
  system?: string;
  /** What it does, in a line. */
  description?: string;
  /** Of the container. */
  image: string;
  /** That the container and the Service listen on. */
  port: number;
  /** Number of pods; by default 2. */
  replicas?: number;
  /** Namespaces whose workloads may call it; by default its own. */
  callerNamespaces?: string[];
  /** Deploy a canary version, ready to be given traffic; by default yes. */
  withCanary?: boolean;
  /** Check everything, on the API server too, and write nothing. */
  dryRun?: boolean;
}

/** @public */
export interface OnboardingResult {
  entityRef: string;
  /** What was applied, or would be: "Service autolytiq/pricing-service (created)". */
  applied: string[];
  findings: Finding[];
}
