import type { Verdict } from '@meshdeck/plugin-mesh-common';
import { percent } from '../facts/verdicts';
import { brokenRoutes } from './checks/brokenRoutes';
import { configuration } from './checks/configuration';
import { failedRollout } from './checks/failedRollout';
import { failingRequests } from './checks/failingRequests';
import { firingAlerts } from './checks/firingAlerts';
import { plaintextCallers } from './checks/plaintextCallers';
import { noPods, outsideTheMesh, podsWithoutProxy } from './checks/pods';
import { refusedCallers } from './checks/refusedCallers';
import { worseVersion } from './checks/worseVersion';
import type { Check, Harm, Health, HealthFacts, Problem } from './Health';

const CHECKS: readonly Check[] = [
  noPods,
  brokenRoutes,
  failingRequests,
  worseVersion,
  refusedCallers,
  firingAlerts,
  configuration,
  outsideTheMesh,
  podsWithoutProxy,
  plaintextCallers,
  failedRollout,
];

const WORST_FIRST: readonly Harm[] = [
  'fails',
  'will-fail',
  'refused',
  'open',
  'untidy',
];
/** More are read by nobody; the findings have them all. */
const MOST_OTHERS = 5;

/** How a service is, worked out once for every page: the worst that anything known of it says. */
export function healthOf(facts: HealthFacts): Health {
  const { kubernetes } = facts;
  if (kubernetes.status === 'down') {
    const sentence = kubernetes.message ?? 'The cluster cannot be read.';
    return { verdict: { level: 'unknown', sentence }, also: [] };
  }
  const problems = withoutRepeated(
    CHECKS.flatMap(check => check(facts)).sort(worstFirst),
  );
  const [worst, ...others] = problems.map(toVerdict);
  const isBroken = problems.some(({ level }) => level === 'error');
  return {
    verdict:
      worst === undefined
        ? unsaid(facts) ?? allRight(facts)
        : // What fails now is named first; an error below it is no friendlier for that.
          { ...worst, level: isBroken ? 'error' : 'warning' },
    also: others.slice(0, MOST_OTHERS),
  };
}

/** By what it does to requests, then an error before a warning, then by how many it harms. */
function worstFirst(a: Problem, b: Problem): number {
  return (
    WORST_FIRST.indexOf(a.harm) - WORST_FIRST.indexOf(b.harm) ||
    Number(b.level === 'error') - Number(a.level === 'error') ||
    (b.share ?? 0) - (a.share ?? 0)
  );
}

/** What a route does now, a finding on the same object and subset need not foretell. */
function withoutRepeated(problems: readonly Problem[]): Problem[] {
  const said = problems.filter(({ harm, about }) => about && harm === 'fails');
  const isSaid = ({ harm, about = [] }: Problem) =>
    harm === 'will-fail' &&
    said.some(
      ({ about: own = [] }) =>
        own.length > 0 && about.some(name => own.includes(name)),
    );
  const seen = new Set<string>();
  return problems.filter(problem => {
    const { sentence } = problem;
    const isNew = !seen.has(sentence) && !isSaid(problem);
    seen.add(sentence);
    return isNew;
  });
}

function toVerdict({ level, sentence, tab }: Problem): Verdict {
  return { level, sentence, tab };
}

/** Whoever could say otherwise has to have answered. */
function unsaid({
  kubernetes,
  prometheus,
  traffic,
}: HealthFacts): Verdict | undefined {
  if (kubernetes.status !== 'ok') {
    const what =
      kubernetes.status === 'stale'
        ? 'Nothing was wrong when the cluster was last read.'
        : 'Nothing is wrong in what can be read of the cluster.';
    return {
      level: 'unknown',
      sentence: `${what} ${kubernetes.message ?? ''}`.trim(),
    };
  }
  if (prometheus.status === 'ok' && traffic) {
    return undefined;
  }
  const why = {
    ok: 'Prometheus has not answered yet',
    absent: 'no Prometheus is configured',
    down: 'Prometheus does not answer',
    partial: 'Prometheus did not answer everything',
    stale: 'Prometheus answered last some time ago',
  }[prometheus.status];
  return {
    level: 'unknown',
    sentence: `Nothing wrong in the configuration; how it runs is not known: ${why}.`,
  };
}

function allRight({ config, traffic }: HealthFacts): Verdict {
  const { rules, openPorts, takesRequests } = config;
  const open = [...new Set(openPorts.map(({ port }) => port))];
  const parts = [
    `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`,
    traffic?.errorShare !== undefined &&
      `${percent(1 - traffic.errorShare)} succeed`,
    traffic?.mtlsShare === 1 && 'every caller uses mTLS',
    traffic?.requestsPerSecond === 0 &&
      takesRequests &&
      'no request in the last 5 min',
    open.length > 0 &&
      `${open.length === 1 ? 'port' : 'ports'} ${open.join(', ')} ${
        open.length === 1 ? 'takes' : 'take'
      } plaintext whatever the policies say`,
  ].filter(Boolean);
  return { level: 'ok', sentence: `All right: ${parts.join(', ')}.` };
}
