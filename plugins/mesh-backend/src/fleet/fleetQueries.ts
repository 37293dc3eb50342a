import {
  quantileOfRates,
  Select,
  sumOfRates,
} from '../sources/prometheus/promql';

const REQUESTS = 'istio_requests_total';
const DURATIONS = 'istio_request_duration_milliseconds_bucket';
/** A waypoint reports for the ambient workloads behind it. */
const AT_SERVER = { reporter: ['destination', 'waypoint'] };
/** What a caller's proxy answers itself where a request never arrives, or takes too long. */
const MADE_BY_PROXIES = ['0', '500', '502', '503', '504'];

const OTHERS_AT_CALLER = {
  reporter: 'source',
  response_code: { matchesNot: MADE_BY_PROXIES.join('|') },
};

/** As `isFailure`, and what the caller is told to do better. */
const NOT_FINE = '0|-|4..|5..';
const REFUSED = '401|403';

const SERVICE = ['destination_service_namespace', 'destination_service_name'];
const CALLER = [...SERVICE, 'source_workload', 'source_workload_namespace'];
const OUTCOME = [
  'destination_canonical_revision',
  'response_code',
  'connection_security_policy',
];

/**
 * The queries for all services of a mesh at once. Callers are told apart only where a health names them: of what fails, of plaintext, and
 * of all that comes from a caller who is refused; the rest, most of a mesh, is added up. Without what is 0.
 */
export function fleetQueries(select: Select, window: string) {
  const fine = { ...AT_SERVER, response_code: { matchesNot: NOT_FINE } };
  const sum = (labels: Parameters<Select>[1], by: readonly string[]) =>
    `${sumOfRates(select(REQUESTS, labels), window, by)} > 0`;
  return {
    /** What the services' proxies saw go well, whoever called. */
    fine: sum(fine, [...SERVICE, ...OUTCOME]),
    /** What they saw fail or be refused. */
    notFine: sum({ ...AT_SERVER, response_code: { matches: NOT_FINE } }, [
      ...CALLER,
      ...OUTCOME,
      'response_flags',
    ]),
    /** The part of `fine` that came without encryption. */
    plaintext: sum({ ...fine, connection_security_policy: 'none' }, [
      ...CALLER,
      ...OUTCOME,
    ]),
    /** The part of `fine` that came encrypted, from callers who are refused at other times. */
    fineOfRefused: `${sum(
      { ...fine, connection_security_policy: { matchesNot: 'none' } },
      [...CALLER, ...OUTCOME],
    )} and on (${CALLER.join(',')}) ${sum(
      { ...AT_SERVER, response_code: { matches: REFUSED } },
      CALLER,
    )}`,
    /** What callers' proxies saw fail; `Traffic` picks what the services themselves know nothing of. */
    failedOnTheWay: sum(
      { reporter: 'source', response_code: MADE_BY_PROXIES },
      [
        ...CALLER,
        'destination_canonical_revision',
        'response_code',
        'response_flags',
      ],
    ),
    /** What else callers' proxies saw of calls that nobody at the service counts: those that pass a waypoint by. */
    passedBy: `${sum(OTHERS_AT_CALLER, [
      ...CALLER,
      ...OUTCOME,
    ])} unless on (${CALLER.join(',')}) ${sum(AT_SERVER, CALLER)}`,
    /** Milliseconds. */
    p99: quantileOfRates(0.99, select(DURATIONS, AT_SERVER), window, SERVICE),
  };
}
