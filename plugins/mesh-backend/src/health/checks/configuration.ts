import { describeRef } from '@meshdeck/istio-config';
import type { Finding, RouteRuleView } from '@meshdeck/plugin-mesh-common';
import type { Check, Problem } from '../Health';

/** Codes of what a broken route tells better: which requests it harms, and how. */
const TOLD_BY_ROUTES = ['IST0101', 'IST0173', 'MD0102', 'MD0103'];

/** What the rules find in the objects. What is only worth knowing is no problem. */
export const configuration: Check = ({ config }) =>
  config.findings
    .filter(({ level }) => level !== 'info')
    .map(finding => toProblem(finding, config.rules));

function toProblem(finding: Finding, rules: readonly RouteRuleView[]): Problem {
  const { code, level, object, message } = finding;
  const subset = subsetIn(message);
  const tab = /Policy|Authentication/.test(object.kind) ? 'security' : 'routes';
  if (code === 'IST0173' && subset && !isReached(subset, rules)) {
    return {
      harm: 'untidy',
      level: 'warning',
      sentence: `${object.kind} ${object.name}: no pod has the labels of subset ${subset}, to which no rule sends requests.`,
      tab,
    };
  }
  return {
    harm: level === 'error' ? 'will-fail' : 'untidy',
    level: level === 'error' ? 'error' : 'warning',
    sentence: `${object.kind} ${object.name}: ${message}`,
    tab,
    ...(TOLD_BY_ROUTES.includes(code)
      ? {
          about: [describeRef(object), ...(subset ? [`subset ${subset}`] : [])],
        }
      : {}),
  };
}

function subsetIn(message: string): string | undefined {
  return /\bsubset ([^\s,:]+)/.exec(message)?.[1];
}

function isReached(subset: string, rules: readonly RouteRuleView[]): boolean {
  return rules.some(({ destinations }) =>
    destinations.some(
      destination =>
        destination.subset === subset && destination.configuredShare > 0,
    ),
  );
}
