import { parse } from 'yaml';
import { parseDurationMs } from '../promql/duration';

/** A recording rule: the expression's result under a name of its own. */
export interface RecordingRule {
  type: 'recording';
  name: string;
  query: string;
  labels: Record<string, string>;
}

/** An alert: firing once the expression has had a result for `forMs`. */
export interface AlertingRule {
  type: 'alerting';
  name: string;
  query: string;
  forMs: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export type Rule = RecordingRule | AlertingRule;

/** A group of a Prometheus rule file. */
export interface RuleGroup {
  name: string;
  intervalMs: number;
  rules: readonly Rule[];
}

/** Reads a rule file in Prometheus' own format. */
export function readRuleGroups(text: string): RuleGroup[] {
  const groups = parse(text, { maxAliasCount: 100 })?.groups;
  if (!Array.isArray(groups)) {
    throw new Error('rule file: groups must be a list');
  }
  return groups.map(group => ({
    name: String(group?.name),
    intervalMs: parseDurationMs(String(group?.interval ?? '15s')),
    rules: (Array.isArray(group?.rules) ? group.rules : []).map(readRule),
  }));
}

function readRule(rule: any): Rule {
  const query = rule?.expr;
  const labels = strings(rule?.labels);
  if (typeof query !== 'string') {
    throw new Error('rule file: each rule needs an expr');
  }
  if (typeof rule.record === 'string') {
    return { type: 'recording', name: rule.record, query, labels };
  }
  if (typeof rule.alert === 'string') {
    return {
      type: 'alerting',
      name: rule.alert,
      query,
      forMs: rule.for === undefined ? 0 : parseDurationMs(String(rule.for)),
      labels,
      annotations: strings(rule.annotations),
    };
  }
  throw new Error('rule file: each rule needs a record or an alert');
}

function strings(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([key, item]) => [key, String(item)]),
  );
}
