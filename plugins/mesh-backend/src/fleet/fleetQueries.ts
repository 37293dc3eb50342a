import {
  quantileOfRates,
  Select,
  sumOfRates,
} from '../sources/prometheus/promql';

const REQUESTS = 'istio_requests_total';
const DURATIONS = 'istio_request_duration_milliseconds_bucket';
/** A waypoint reports for the ambient workloads behind it. */
const AT_SERVER = { reporter: ['destination', 'waypoint'] };
/** Of what callers' proxies saw, what never reached a pod, … */
const NOT_ARRIVED = {
  reporter: 'source',
  destination_canonical_revision: 'unknown',
};
/** … what they gave up or called off, … */
const CUT_OFF = '.*(UT|DC).*';
const GIVEN_UP = { reporter: 'source', response_flags: { matches: CUT_OFF } };
/** … and the rest. */
const OTHERS_AT_CALLER = {
  reporter: 'source',
  destination_canonical_revision: { matchesNot: 'unknown' },
  response_flags: { matchesNot: CUT_OFF },
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

const ENDED = [
  ...CALLER,
  'destination_canonical_revision',
  'response_code',
  'response_flags',
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
    /** What callers' proxies answered themselves, or what their callers called off. */
    answeredOnTheWay: `${sum(NOT_ARRIVED, ENDED)} or ${sum(GIVEN_UP, ENDED)}`,
    /** What else callers' proxies saw of calls that nobody at the service counts: those that pass a waypoint by. */
    passedBy: `${sum(OTHERS_AT_CALLER, [
      ...CALLER,
      ...OUTCOME,
    ])} unless on (${CALLER.join(',')}) ${sum(AT_SERVER, CALLER)}`,
    /** Milliseconds. */
    p99: quantileOfRates(0.99, select(DURATIONS, AT_SERVER), window, SERVICE),
  };
}
