import type { Labels } from '../traffic/metrics/labels';
import type { LabelMatcher } from './promql/expressions';

/** A series whose value is known at any time. Samples of it exist at the scrape instants only. */
export interface Series {
  labels: Labels;
  /** There are no samples before. */
  fromMs: number;
  valueAt(timeMs: number): number;
}

/** Where queries find their series. */
export interface SeriesSource {
  select(matchers: readonly LabelMatcher[]): Series[];
}
