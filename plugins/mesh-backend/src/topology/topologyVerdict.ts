import type { SourceStatus, Verdict } from '@meshdeck/plugin-mesh-common';
import { percent, verdict } from '../facts/verdicts';
import type { Graph } from './buildGraph';

const MANY_FAILURES = 0.1;
const SOME_FAILURES = 0.01;
/** Where so little fails it may be one request. */
const NOTABLE_FAILURES_PER_SECOND = 0.001;

/** Answers for the calls what the other pages answer for the service: the worst first. */
export function topologyVerdict(
  graph: Graph,
  facts: {
    kubernetes: SourceStatus;
    prometheus: SourceStatus;
    knowsRequests: boolean;
  },
): Verdict {
  const { kubernetes, prometheus, knowsRequests } = facts;
  if (kubernetes.status === 'down') {
    return verdict(
      'unknown',
      kubernetes.message ?? 'The cluster cannot be read.',
    );
  }
  if (!knowsRequests) {
    return verdict(
      'unknown',
      'Without Prometheus nobody can tell who calls whom.',
    );
  }
  return (
    failing(graph) ??
    plaintext(graph) ??
    partial(prometheus) ??
    quiet(graph) ??
    allRight(graph)
  );
}

function failing({ nodes, edges }: Graph): Verdict | undefined {
  const [worst] = edges
    .filter(
      ({ errorShare = 0, requestsPerSecond = 0 }) =>
        errorShare >= SOME_FAILURES &&
        errorShare * requestsPerSecond >= NOTABLE_FAILURES_PER_SECOND,
    )
    .sort((a, b) => b.errorShare! - a.errorShare!);
  return worst
    ? verdict(
        worst.errorShare! >= MANY_FAILURES ? 'error' : 'warning',
        `${percent(worst.errorShare!)} of calls from ${nameOf(
          nodes,
          worst.from,
        )} to ${nameOf(nodes, worst.to)} fail.`,
        'traces',
      )
    : undefined;
}

function plaintext({ nodes, edges }: Graph): Verdict | undefined {
  const plain = edges.filter(
    ({ mtls, to }) =>
      (mtls === 'no' || mtls === 'partly') &&
      nodes.find(({ id }) => id === to)?.kind !== 'external',
  );
  if (plain.length === 0) {
    return undefined;
  }
  const [first] = plain;
  const others = plain.length - 1;
  return verdict(
    'warning',
    `${nameOf(nodes, first.from)} calls ${nameOf(nodes, first.to)} ${
      first.mtls === 'partly' ? 'partly ' : ''
    }without encryption${
      others
        ? `, and so ${others === 1 ? 'does one other' : `do ${others} others`}`
        : ''
    }.`,
    'security',
  );
}

/** What is missing might say otherwise. */
function partial({ status }: SourceStatus): Verdict | undefined {
  return status === 'partial'
    ? verdict(
        'unknown',
        'Nothing is wrong with the calls that are known; of some, Prometheus did not tell.',
      )
    : undefined;
}

function quiet({ edges }: Graph): Verdict | undefined {
  return edges.length === 0
    ? verdict('ok', 'No calls were seen in this time, in either direction.')
    : undefined;
}

function allRight({ nodes, edges }: Graph): Verdict {
  const subjects = new Set(
    nodes.filter(({ isSubject }) => isSubject).map(({ id }) => id),
  );
  const callers = new Set(
    edges
      .filter(({ from, to }) => subjects.has(to) && !subjects.has(from))
      .map(({ from }) => from),
  );
  const called = new Set(
    edges
      .filter(({ from, to }) => subjects.has(from) && !subjects.has(to))
      .map(({ to }) => to),
  );
  const parts = [
    subjects.size > 1 && `${subjects.size} services`,
    count(callers.size, 'caller'),
    called.size > 0 && `${called.size} called by it`,
    edges.every(({ mtls }) => mtls === 'yes') && 'every call uses mTLS',
  ].filter(Boolean);
  return verdict('ok', `${parts.join(', ')}.`);
}

function nameOf(nodes: Graph['nodes'], id: string): string {
  return nodes.find(node => node.id === id)?.name ?? id;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
