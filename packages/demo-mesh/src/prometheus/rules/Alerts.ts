import type { Labels } from '../../traffic/metrics/labels';
import { labelOf } from '../promql/values';
import { numberText, Queries } from '../Queries';
import type { AlertingRule, Rule, RuleGroup } from './RuleGroup';

/** How far back the begin of an alert is looked for. */
const LOOK_BACK_MS = 3_600_000;
const STEP_MS = 60_000;

/** An alert as Prometheus' API shows it. */
export interface Alert {
  labels: Labels;
  annotations: Record<string, string>;
  state: 'pending' | 'firing';
  activeAt: string;
  value: string;
}

/** The state of the platforms' rules at a time; a pure function of the series. */
export class Alerts {
  static create(options: {
    queries: Queries;
    groups: readonly RuleGroup[];
  }): Alerts {
    return new Alerts(options.queries, options.groups);
  }

  private constructor(
    private readonly queries: Queries,
    private readonly groups: readonly RuleGroup[],
  ) {}

  active(nowMs: number): Alert[] {
    return this.groups
      .flatMap(({ rules }) => rules)
      .flatMap(rule =>
        rule.type === 'alerting' ? this.alertsOf(rule, nowMs) : [],
      );
  }

  /** The `groups` of `/api/v1/rules`. */
  ruleGroups(nowMs: number, type: 'alert' | 'record' | undefined): object[] {
    return this.groups.map(({ name, intervalMs, rules }) => ({
      name,
      file: `/etc/prometheus/rules/${name}.yaml`,
      interval: intervalMs / 1000,
      limit: 0,
      evaluationTime: 0.001,
      lastEvaluation: new Date(nowMs).toISOString(),
      rules: rules
        .filter(
          rule =>
            type === undefined ||
            (type === 'alert') === (rule.type === 'alerting'),
        )
        .map(rule => this.describe(rule, nowMs)),
    }));
  }

  private describe(rule: Rule, nowMs: number): object {
    const common = {
      name: rule.name,
      query: rule.query,
      labels: rule.labels,
      health: 'ok',
      evaluationTime: 0.0005,
      lastEvaluation: new Date(nowMs).toISOString(),
      type: rule.type,
    };
    if (rule.type === 'recording') {
      return common;
    }
    const alerts = this.alertsOf(rule, nowMs);
    const state = stateOf(alerts);
    return {
      ...common,
      state,
      duration: rule.forMs / 1000,
      annotations: rule.annotations,
      alerts,
    };
  }

  private alertsOf(rule: AlertingRule, nowMs: number): Alert[] {
    // Most rules find nothing now; the past matters to the others alone.
    const current = this.queries.instant(rule.query, nowMs);
    if (current.resultType === 'vector' && current.result.length === 0) {
      return [];
    }
    const history = this.queries.range(rule.query, {
      startMs: nowMs - LOOK_BACK_MS,
      endMs: nowMs,
      stepMs: STEP_MS,
    });
    if (history.resultType !== 'matrix') {
      return [];
    }
    return history.result.flatMap(({ metric, values }) => {
      const last = values[values.length - 1];
      if (last[0] * 1000 < nowMs - STEP_MS / 2) {
        return [];
      }
      let first = values.length - 1;
      while (
        first > 0 &&
        values[first][0] - values[first - 1][0] <= STEP_MS / 1000
      ) {
        first--;
      }
      const activeMs = values[first][0] * 1000;
      const { __name__: _, ...labels } = metric;
      const all = { ...labels, ...rule.labels, alertname: rule.name };
      return [
        {
          labels: all,
          annotations: Object.fromEntries(
            Object.entries(rule.annotations).map(([key, text]) => [
              key,
              filled(text, all, last[1]),
            ]),
          ),
          state:
            nowMs - activeMs >= rule.forMs
              ? ('firing' as const)
              : ('pending' as const),
          activeAt: new Date(activeMs).toISOString(),
          value: numberText(Number(last[1])),
        },
      ];
    });
  }
}

function stateOf(alerts: readonly Alert[]): string {
  if (alerts.length === 0) {
    return 'inactive';
  }
  return alerts.some(({ state }) => state === 'firing') ? 'firing' : 'pending';
}

/** Fills in `{{ $labels.x }}` and `{{ $value }}`, all that the platforms' annotations use of Go's templates. */
function filled(text: string, labels: Labels, value: string): string {
  return text
    .replace(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, (_, name) =>
      labelOf(labels, name),
    )
    .replace(/\{\{\s*\$value\s*\}\}/g, value);
}
