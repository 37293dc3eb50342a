import type { Entity } from '@backstage/catalog-model';

/** What one cluster says of the Services that were onboarded in it. @public */
export interface OnboardedCluster {
  cluster: string;
  /** Whether all of it is known now; otherwise nothing follows from what is missing here. */
  isWhole: boolean;
  /** Of the Services that are believed; each entity in one cluster only. */
  entities: Entity[];
  /** `namespace/name` of Services that are there and say they were onboarded, but are not believed: let what is known of them be. */
  held: string[];
}

/** The entities of onboarded Services, by the clusters that are configured. @public */
export interface OnboardedView {
  clusters: OnboardedCluster[];
}
