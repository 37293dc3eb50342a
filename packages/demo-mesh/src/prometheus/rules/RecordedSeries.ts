import type { LabelMatcher } from '../promql/expressions';
import { Evaluator } from '../promql/Evaluator';
import { seriesMatcher } from '../promql/matchSeries';
import { parseQuery } from '../promql/parseQuery';
import { keyOf, withoutName } from '../promql/values';
import type { ScrapeTimes } from '../ScrapeTimes';
import type { Series, SeriesSource } from '../Series';
import type { RecordingRule, RuleGroup } from './RuleGroup';

/** Adds the results of recording rules to a source. A rule is evaluated when its series is asked for. */
export class RecordedSeries implements SeriesSource {
  static create(options: {
    source: SeriesSource;
    scrapes: ScrapeTimes;
    groups: readonly RuleGroup[];
    fromMs: number;
    clock: () => number;
  }): RecordedSeries {
    return new RecordedSeries(
      options.source,
      options.scrapes,
      options.groups
        .flatMap(({ rules }) => rules)
        .filter((rule): rule is RecordingRule => rule.type === 'recording'),
      options.fromMs,
      options.clock,
    );
  }

  private constructor(
    private readonly source: SeriesSource,
    private readonly scrapes: ScrapeTimes,
    private readonly rules: readonly RecordingRule[],
    private readonly fromMs: number,
    private readonly clock: () => number,
  ) {}

  select(matchers: readonly LabelMatcher[]): Series[] {
    const named = seriesMatcher(
      matchers.filter(({ label }) => label === '__name__'),
    );
    return [
      ...this.source.select(matchers),
      ...this.rules
        .filter(({ name }) => named({ __name__: name }))
        .flatMap(rule => this.seriesOf(rule))
        .filter(({ labels }) => seriesMatcher(matchers)(labels)),
    ];
  }

  /** The series the rule has now, each able to tell what it was before. */
  private seriesOf(rule: RecordingRule): Series[] {
    const now = this.scrapes.atOrBefore(this.clock());
    return [...this.resultsAt(rule, now).entries()].map(
      ([key, { labels }]) => ({
        labels: { ...labels, ...rule.labels, __name__: rule.name },
        fromMs: this.fromMs + this.scrapes.intervalMs * 2,
        valueAt: timeMs => this.resultsAt(rule, timeMs).get(key)?.value ?? NaN,
      }),
    );
  }

  private resultsAt(rule: RecordingRule, timeMs: number) {
    const value = Evaluator.create({
      source: this.source,
      scrapes: this.scrapes,
      times: Float64Array.of(timeMs),
    }).evaluate(parseQuery(rule.query));
    const rows =
      value.type === 'vector' ? value.rows.filter(row => row.present[0]) : [];
    return new Map(
      rows.map(row => [
        keyOf(withoutName(row.labels)),
        { labels: withoutName(row.labels), value: row.values[0] },
      ]),
    );
  }
}
