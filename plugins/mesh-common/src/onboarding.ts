import type { Finding } from './views';

/** An object as a manifest has it. @public */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** Bring a new service into the mesh. @public */
export interface OnboardingRequest {
  cluster: string;
  namespace: string;
  /** Of the Service and, as its own or as a prefix, of all other objects. */
  name: string;
  /** Entity reference; one of the groups of whoever asks. */
  owner: string;
  manifests: Manifest[];
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
