import { counted } from '../counted';
import type { Edit } from '../findings/Mend';
import { formatDuration } from '../kube/duration';
import type { Place } from '../kube/place';
import type { MeshObjects } from '../MeshObjects';
import type { ChangePlan } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { requireDuration, requireWhole, type ServiceName } from './editRule';
import { editHostPolicy, portsApart } from './editHostPolicy';

const MOST = 1_000_000;
const MOST_MS = 3_600_000;

/** A number sets a limit, `null` takes it away, and what is absent stays as it is. @public */
export interface BreakerAnswers {
  /** Connections to one pod's host. */
  maxConnections?: number | null;
  /** Requests that wait for a connection. */
  maxPendingRequests?: number | null;
  /** Requests at once. */
  maxRequests?: number | null;
  maxRequestsPerConnection?: number | null;
  /** Errors in a row after which a pod gets no requests for a while. */
  consecutiveErrors?: number | null;
  /** How often pods are looked at. */
  intervalMs?: number | null;
  /** How long a pod is left out at first. */
  ejectionMs?: number | null;
  /** How many of the pods, in per cent, may be left out at once. */
  maxEjectionPercent?: number | null;
}

interface Limit {
  at: Place;
  /** What it limits. */
  of: string;
  unit: 'number' | 'duration';
  range: readonly [number, number];
  words: (value: string) => string;
}

const LIMITS: Record<keyof BreakerAnswers, Limit> = {
  maxConnections: {
    at: ['connectionPool', 'tcp', 'maxConnections'],
    of: 'connections',
    unit: 'number',
    range: [1, MOST],
    words: value => `at most ${counted(value, 'connection')}`,
  },
  maxPendingRequests: {
    at: ['connectionPool', 'http', 'http1MaxPendingRequests'],
    of: 'waiting requests',
    unit: 'number',
    range: [1, MOST],
    words: value => `at most ${counted(value, 'waiting request')}`,
  },
  maxRequests: {
    at: ['connectionPool', 'http', 'http2MaxRequests'],
    of: 'requests at once',
    unit: 'number',
    range: [1, MOST],
    words: value => `at most ${counted(value, 'request')} at once`,
  },
  maxRequestsPerConnection: {
    at: ['connectionPool', 'http', 'maxRequestsPerConnection'],
    of: 'requests of a connection',
    unit: 'number',
    range: [1, MOST],
    words: value => `a new connection after ${counted(value, 'request')}`,
  },
  consecutiveErrors: {
    at: ['outlierDetection', 'consecutive5xxErrors'],
    of: 'errors in a row',
    unit: 'number',
    range: [1, 1000],
    words: value =>
      `a pod is left out after ${counted(value, 'error')} in a row`,
  },
  intervalMs: {
    at: ['outlierDetection', 'interval'],
    of: 'the time between two looks at the pods',
    unit: 'duration',
    range: [1, MOST_MS],
    words: value => `pods are looked at every ${value}`,
  },
  ejectionMs: {
    at: ['outlierDetection', 'baseEjectionTime'],
    of: 'the time that a pod is left out',
    unit: 'duration',
    range: [1, MOST_MS],
    words: value => `a pod is left out for at least ${value}`,
  },
  maxEjectionPercent: {
    at: ['outlierDetection', 'maxEjectionPercent'],
    of: 'pods that are left out',
    unit: 'number',
    range: [0, 100],
    words: value => `at most ${value} % of the pods are left out`,
  },
};

/**
 * Limits what callers' proxies send to a service, and leaves out pods that fail.
 *
 * @throws EditRefused
 * @public
 */
export function planBreaker(
  set: MeshObjects,
  service: ServiceName,
  answers: BreakerAnswers,
): ChangePlan {
  const asked = Object.entries(LIMITS).flatMap(([name, limit]) => {
    const value = answers[name as keyof BreakerAnswers];
    return value === undefined ? [] : [{ name, limit, value }];
  });
  if (asked.length === 0) {
    throw new EditRefused('No limit was named.');
  }
  for (const { name, limit, value } of asked) {
    requireInRange(name, limit, value);
  }
  let note = '';
  const edit = editHostPolicy(set, service, (policy, at) => {
    note = portsApart(policy);
    return asked.map(
      ({ limit, value }): Edit => ({
        at: [...at, ...limit.at],
        value: written(limit, value),
      }),
    );
  });
  const parts = asked.map(({ limit, value }) =>
    value === null
      ? `no limit of ${limit.of} any more`
      : limit.words(shown(limit, value)),
  );
  return { edits: [edit], sentence: `${capital(parts.join('; '))}.${note}` };
}

function requireInRange(
  name: string,
  { unit, range }: Limit,
  value: number | null,
): void {
  if (value === null) {
    return;
  }
  if (unit === 'duration') {
    requireDuration(name, value, range[1]);
  } else {
    requireWhole(name, value, range);
  }
}

function written({ unit }: Limit, value: number | null): unknown {
  if (value === null) {
    return undefined;
  }
  return unit === 'duration' ? formatDuration(value) : value;
}

function shown({ unit }: Limit, value: number): string {
  return unit === 'duration' ? formatDuration(value) : String(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
