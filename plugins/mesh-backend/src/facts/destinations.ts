import type { RouteDestination, RouteRule } from '@meshdeck/istio-config';
import type {
  RouteDestinationView,
  RouteRuleView,
} from '@meshdeck/plugin-mesh-common';
import {
  describeAnswer,
  describeRef,
  describeRequests,
  describeTreatment,
  pathOf,
} from '@meshdeck/istio-config';
import type { Traffic } from '../metrics/Traffic';

/** A destination, with what the metrics show of it where there are any; its live share is of `split`. */
export function toDestinationView(
  destination: RouteDestination,
  traffic?: Traffic,
  split?: Traffic,
): RouteDestinationView {
  const { host, subset, port, share, state, workloads, refused } = destination;
  const versions = new Set(
    workloads.map(({ canonicalRevision }) => canonicalRevision),
  );
  const own = traffic?.where(({ version }) => versions.has(version));
  return {
    host,
    subset,
    port,
    configuredShare: share,
    liveShare: split?.shareOf(({ version }) => versions.has(version)),
    errorShare: own?.errorShare,
    pods: workloads.reduce((sum, { pods }) => sum + pods.length, 0),
    readyPods: workloads.reduce((sum, { readyPods }) => sum + readyPods, 0),
    state,
    refused,
  };
}

/**
 * The traffic to the destinations of a rule that splits requests. Metrics do not say which rule sent a request, so a
 * rule with one destination has nothing to compare.
 */
function splitTraffic(
  rule: RouteRule,
  traffic: Traffic | undefined,
): Traffic | undefined {
  if (rule.destinations.length < 2) {
    return undefined;
  }
  const versions = new Set(
    rule.destinations.flatMap(({ workloads }) =>
      workloads.map(({ canonicalRevision }) => canonicalRevision),
    ),
  );
  return traffic?.where(({ version }) => versions.has(version));
}

/**
 * Names a rule in every list that has it, whatever its number there: by where it is written, and by the requests it takes, which
 * tell apart what becomes of one rule in several places.
 */
export function ruleId(rule: RouteRule): string {
  const { source } = rule;
  const place = source
    ? `${describeRef(source.object)} ${pathOf(source.at)}`
    : 'the mesh';
  return `${place}: ${describeRequests(rule, { alone: true }).join(' or ')}`;
}

/** A rule in words. */
export function toRuleView(
  rule: RouteRule,
  rules: readonly RouteRule[],
  traffic?: Traffic,
): RouteRuleView {
  return {
    id: ruleId(rule),
    name: rule.name,
    requests: describeRequests(rule, { alone: rules.length === 1 }),
    treatment: describeTreatment(rule),
    destinations: rule.destinations.map(destination =>
      toDestinationView(destination, traffic, splitTraffic(rule, traffic)),
    ),
    answer: describeAnswer(rule),
    object: rule.source?.object,
    path: rule.source && pathOf(rule.source.at),
  };
}
