import type {
  MeshTab,
  OverviewAlert,
  SourceStatus,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import type { ServiceFacts } from '../facts/serviceFacts';
import type { Traffic } from '../metrics/Traffic';

/**
 * What a problem does to requests, the worst first. `fails`: some fail now; `will-fail`: some will, or would if somebody sent them; `refused`: some
 * are turned away, which may be meant; `open`: something gets in or stands still that should not; `untidy`: nothing is harmed yet.
 */
export type Harm = 'fails' | 'will-fail' | 'refused' | 'open' | 'untidy';

/** One thing that is wrong, as one check sees it. */
export interface Problem {
  harm: Harm;
  level: 'error' | 'warning';
  sentence: string;
  /** The tab that shows why. */
  tab?: MeshTab;
  /** 0 to 1, of the service's requests that it harms; of two alike the larger comes first. */
  share?: number;
  /** What it is about, as findings name it: a finding that says the same is not said again. */
  about?: readonly string[];
}

/** Everything that is known of a service. What is missing was not to be had. */
export interface HealthFacts {
  service: string;
  kubernetes: SourceStatus;
  prometheus: SourceStatus;
  config: ServiceFacts;
  /** A rollout that ended badly, in a sentence. */
  rollout?: string;
  traffic?: Traffic;
  alerts?: readonly OverviewAlert[];
}

/** Looks for one kind of problem. */
export type Check = (facts: HealthFacts) => Problem[];

/** What is said of a service first, and what else is wrong, the worst first. */
export interface Health {
  verdict: Verdict;
  also: Verdict[];
}
