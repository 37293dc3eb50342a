import { ObjectRef, ViewBase } from './common';

/**
 * What others say of a service and where to look further. Verdict and findings are ours, for comparison.
 *
 * @public
 */
export interface OpinionView extends ViewBase, Partial<KialiOpinion> {
  validations: KialiValidation[];
  dashboards: DashboardLink[];
}

/** Kiali's view of a service, where there is a Kiali. @public */
export interface KialiOpinion {
  version?: string;
  /** Absent where Kiali did not answer; its links are there all the same. */
  health?: KialiHealth;
  /** One sentence, where Kiali and the verdict do not say the same. */
  differs?: string;
  /** What Kiali remarks and our findings do not. */
  validations: KialiValidation[];
  /** The service's page in Kiali, and its place in the graph. */
  links: { details: string; graph: string };
}

/** As Kiali names it; `NA` where there were no requests. @public */
export type KialiHealth =
  | 'Healthy'
  | 'Not Ready'
  | 'Degraded'
  | 'Failure'
  | 'NA';

/** A remark of Kiali's about an object. @public */
export interface KialiValidation {
  /** Kiali's own code, as `KIA1101`. */
  code?: string;
  object: Omit<ObjectRef, 'apiVersion'>;
  /** Where in the object, as `spec.http[0].route[1]`. */
  path?: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
}

/** A dashboard of Grafana's for a service, or why there is no link to it. @public */
export interface DashboardLink {
  title: string;
  url?: string;
  /** What happened, what to do. */
  message?: string;
}
