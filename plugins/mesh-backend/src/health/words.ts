import { percent } from '../facts/verdicts';

/** A share as one says it: of much no tenths, by which two looks at the same would differ. */
export function about(share: number): string {
  return share >= 0.1 && share < 0.995
    ? `${Math.round(share * 100)} %`
    : percent(share);
}

/** "a", "a and b", "a, b and 3 others". */
export function listed(names: readonly string[], most = 2): string {
  const [shown, rest] = [names.slice(0, most), names.length - most];
  if (rest > 0) {
    return `${shown.join(', ')} and ${rest} ${rest === 1 ? 'other' : 'others'}`;
  }
  return shown.join(' and ');
}

/** "Every request with x-canary: true", "20 % of POST /api/auth/login*", "20 % of requests", from a rule's own words. */
export function requestsOf(share: number, requests: readonly string[]): string {
  const names = requests.map(spoken);
  return share < 1
    ? `${percent(share)} of ${names.map(asMany).join(' or ')}`
    : `Every request${names.map(asOne).join(' or')}`;
}

/** "with x-canary: true", "on port 80", "POST /login, with x-canary: true"; of everything "". */
function spoken(request: string): string {
  return request === 'everything'
    ? ''
    : request
        .replace(/\bheader ([^ ,]+) = /g, 'with $1: ')
        .replace(/\bheader ([^ ,]+) present/g, 'with $1')
        .replace(/^port /, 'on port ')
        .replace(/^host /, 'for ');
}

const ADDED = /^(with|from|on port|for|not with) /;

function asMany(name: string): string {
  if (name === '') {
    return 'requests';
  }
  if (name === 'everything else') {
    return 'all other requests';
  }
  return ADDED.test(name) ? `requests ${name}` : name;
}

function asOne(name: string): string {
  if (name === '') {
    return '';
  }
  if (name === 'everything else') {
    return ' that no other rule takes';
  }
  return ADDED.test(name) ? ` ${name}` : ` to ${name}`;
}

const FLAGS: Readonly<Record<string, string>> = {
  DC: 'the caller hung up',
  FI: 'a rule answers so on purpose',
  LR: 'the connection was reset',
  NC: 'the rule names a destination that the proxy does not know',
  NR: 'no route takes them',
  RL: 'a rate limit turns them away',
  UC: 'the pod ended the connection',
  UF: 'no connection to a pod can be made',
  UH: 'no pod is healthy',
  UMSDR: 'no answer comes in time',
  UO: 'the circuit breaker turns them away',
  URX: 'all retries fail',
  UT: 'no answer comes in time',
};

/** What a response flag of Envoy's means; undefined for one that says nothing more. Of several the first that is known counts. */
export function flagMeaning(flags: string): string | undefined {
  const known = flags.split(',').find(flag => Object.hasOwn(FLAGS, flag));
  return known && FLAGS[known];
}
