import type { LabelMatcher } from '../promql/expressions';
import type { Series } from '../Series';

/** Series that are made when somebody asks for one of their names. */
export interface ExposedSeries {
  names: readonly string[];
  /** At least those that the matchers find; more do no harm. */
  series: (matchers: readonly LabelMatcher[]) => Series[];
}
