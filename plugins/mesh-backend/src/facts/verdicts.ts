import type {
  Finding,
  RouteRuleView,
  SourceStatus,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import type { Traffic } from '../metrics/Traffic';
import type { OpenPort } from './openPorts';

/** Above this share of failures a service is not well. Kiali's default: degraded above 0, failure from 10 %. */
const MANY_FAILURES = 0.1;
const SOME_FAILURES = 0.01;

/** What a verdict is made of. What is missing was not to be had. */
export interface VerdictFacts {
  kubernetes: SourceStatus;
  inMesh: boolean;
  rules?: readonly RouteRuleView[];
  findings: readonly Finding[];
  traffic?: Traffic;
  refused?: readonly string[];
  /** Seen in the time window; where only encrypted calls get in, it was before that was so. */
  plaintextCallers?: readonly string[];
  isClosedToPlaintext?: boolean;
  openPorts?: readonly OpenPort[];
}

/** Answers "is it all right?" in one sentence, the worst thing first. */
export function verdictOf(facts: VerdictFacts): Verdict {
  return (
    unknownState(facts) ??
    brokenRoute(facts) ??
    failures(facts) ??
    worstFinding(facts) ??
    podsWithoutProxy(facts) ??
    plaintext(facts) ??
    allRight(facts)
  );
}

function unknownState({ kubernetes, inMesh }: VerdictFacts) {
  if (kubernetes.status === 'down') {
    return verdict(
      'unknown',
      kubernetes.message ?? 'The cluster cannot be read.',
    );
  }
  return inMesh
    ? undefined
    : verdict(
        'warning',
        'Not in the mesh: its pods have no proxy, so nothing is encrypted, routed or measured.',
        'security',
      );
}

function brokenRoute({ rules = [] }: VerdictFacts) {
  for (const rule of rules) {
    for (const destination of rule.destinations) {
      const { subset, host, state, configuredShare, refused } = destination;
      if (refused && configuredShare > 0) {
        return verdict(
          'error',
          `${percent(configuredShare)} of ${rule.requests.join(
            ' or ',
          )} are answered ${refused.status}: ${refused.why}.`,
          'routes',
        );
      }
      if (state !== 'ok' && configuredShare > 0) {
        const target = subset ? `subset ${subset}` : host;
        const why = {
          'no-pods': `${target} has no ready pods`,
          'no-such-subset': `no DestinationRule defines ${target}`,
          'no-such-service': `there is no service ${host}`,
        }[state];
        return verdict(
          'error',
          `${percent(configuredShare)} of ${rule.requests.join(
            ' or ',
          )} fail with 503: ${why}.`,
          'routes',
        );
      }
    }
  }
  return undefined;
}

function failures({ traffic }: VerdictFacts) {
  const share = traffic?.errorShare ?? 0;
  if (!traffic || share < SOME_FAILURES) {
    return undefined;
  }
  const failing = traffic.where(({ code }) => /^(5\d\d|0|-)$/.test(code));
  const byCaller = new Map<string, number>();
  for (const edge of failing.edges) {
    byCaller.set(
      edge.caller,
      (byCaller.get(edge.caller) ?? 0) + edge.requestsPerSecond,
    );
  }
  const [[worst]] = [...byCaller.entries()].sort((a, b) => b[1] - a[1]);
  // Numbers of a whole mesh do not tell callers apart.
  const whose = worst === 'unknown' ? '' : `, most of them from ${worst}`;
  return verdict(
    share >= MANY_FAILURES ? 'error' : 'warning',
    `${percent(share)} of requests fail${whose}.`,
    'traces',
  );
}

function worstFinding({ findings }: VerdictFacts) {
  const worst =
    findings.find(({ level }) => level === 'error') ??
    findings.find(({ level }) => level === 'warning');
  if (!worst) {
    return undefined;
  }
  const others = findings.filter(
    finding => finding !== worst && finding.level !== 'info',
  ).length;
  const more = others
    ? ` ${others} more ${others === 1 ? 'thing needs' : 'things need'} a look.`
    : '';
  return verdict(
    worst.level === 'error' ? 'error' : 'warning',
    `${worst.object.kind} ${worst.object.name}: ${worst.message}${more}`,
    /Policy|Authentication/.test(worst.object.kind) ? 'security' : 'routes',
  );
}

function podsWithoutProxy({ openPorts = [] }: VerdictFacts) {
  const open = openPorts.find(({ ofSomePods }) => ofSomePods);
  return (
    open &&
    verdict(
      'warning',
      `Some pods of ${open.workload} have no proxy: plaintext gets in there although a policy says STRICT.`,
      'security',
    )
  );
}

function plaintext({
  plaintextCallers = [],
  isClosedToPlaintext,
}: VerdictFacts) {
  if (plaintextCallers.length === 0) {
    return undefined;
  }
  const who = plaintextCallers.join(', ');
  const call = plaintextCallers.length === 1 ? 'calls' : 'call';
  return verdict(
    'warning',
    isClosedToPlaintext
      ? `${who} called without encryption and cannot get in any more: only encrypted calls do.`
      : `${who} ${call} without encryption.`,
    'security',
  );
}

function allRight({ rules, traffic, openPorts = [] }: VerdictFacts): Verdict {
  const open = [...new Set(openPorts.map(({ port }) => port))];
  const parts = [
    rules && `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`,
    traffic?.errorShare !== undefined &&
      `${percent(1 - traffic.errorShare)} succeed`,
    traffic?.mtlsShare === 1 && 'every caller uses mTLS',
    traffic && traffic.requestsPerSecond === 0 && 'nobody calls right now',
    open.length > 0 &&
      `${open.length === 1 ? 'port' : 'ports'} ${open.join(', ')} ${
        open.length === 1 ? 'takes' : 'take'
      } plaintext whatever the policies say`,
  ].filter(Boolean);
  return verdict(
    'ok',
    parts.length ? `All right: ${parts.join(', ')}.` : 'All right.',
  );
}

export function verdict(
  level: Verdict['level'],
  sentence: string,
  tab?: Verdict['tab'],
): Verdict {
  return { level, sentence, tab };
}

/** `9.9 %`; never rounds something to nothing or to everything. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) {
    return 'less than 0.1 %';
  }
  const rounded = Math.round(value * 10) / 10;
  return `${rounded === 100 && share < 1 ? 99.9 : rounded} %`;
}
