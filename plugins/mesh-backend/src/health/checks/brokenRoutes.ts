import { describeRef } from '@meshdeck/istio-config';
import type {
  RouteDestinationView,
  RouteRuleView,
} from '@meshdeck/plugin-mesh-common';
import type { Check, Problem } from '../Health';
import { requestsOf } from '../words';

/** A rule sends requests where nobody can answer them. */
export const brokenRoutes: Check = ({ config }) => {
  const { rules, workloads } = config;
  return rules.flatMap(rule =>
    rule.destinations
      .filter(
        ({ state, refused, configuredShare, subset }) =>
          (refused || state !== 'ok') &&
          configuredShare > 0 &&
          // Where there are no pods at all, that is what is said.
          (workloads.length > 0 || state !== 'no-pods' || subset),
      )
      .map(destination => toProblem(rule, destination, rules.length === 1)),
  );
};

function toProblem(
  { requests, object }: RouteRuleView,
  destination: RouteDestinationView,
  isOnly: boolean,
): Problem {
  const { configuredShare, refused } = destination;
  const who = requestsOf(configuredShare, requests);
  return {
    harm: 'fails',
    level: 'error',
    sentence: refused
      ? `${who} ${verb(who, 'is', 'are')} answered ${refused.status}: ${
          refused.why
        }.`
      : `${who} ${verb(who, 'fails', 'fail')} with 503: ${whyOf(destination)}.`,
    tab: 'routes',
    // What share of all requests a rule takes, the configuration does not say.
    share: isOnly ? configuredShare : configuredShare / 2,
    about: [
      ...(object ? [describeRef(object)] : []),
      ...(destination.subset ? [`subset ${destination.subset}`] : []),
    ],
  };
}

function whyOf({ state, subset, host }: RouteDestinationView): string {
  const target = subset ? `subset ${subset}` : host;
  switch (state) {
    case 'no-such-subset':
      return `no DestinationRule defines ${target}`;
    case 'no-such-service':
      return `there is no service ${host}`;
    default:
      return `${target} has no ready pods`;
  }
}

function verb(who: string, one: string, many: string): string {
  return who.startsWith('Every') ? one : many;
}
