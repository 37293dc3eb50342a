import type { Labels } from '../../traffic/metrics/labels';
import type { LabelMatcher } from './expressions';
import { anchored } from './parseSelector';
import { labelOf } from './values';

/** Whether labels fulfil all matchers; an absent label counts as empty. */
export function seriesMatcher(
  matchers: readonly LabelMatcher[],
): (labels: Labels) => boolean {
  const tests = matchers.map(({ label, operator, value }) => {
    if (operator === '=') {
      return (labels: Labels) => labelOf(labels, label) === value;
    }
    if (operator === '!=') {
      return (labels: Labels) => labelOf(labels, label) !== value;
    }
    const pattern = anchored(value);
    const wanted = operator === '=~';
    return (labels: Labels) => pattern.test(labelOf(labels, label)) === wanted;
  });
  return labels => tests.every(test => test(labels));
}
