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

const SERVICE = ['destination_service_namespace', 'destination_service_name'];

/** The queries for all services of a mesh at once, aggregated as far as a row of the fleet allows; without what is 0, which is most of it. */
export function fleetQueries(select: Select, window: string) {
  return {
    /** What the services' proxies saw. */
    arrived: `${sumOfRates(select(REQUESTS, AT_SERVER), window, [
      ...SERVICE,
      'response_code',
      'connection_security_policy',
    ])} > 0`,
    /** What callers' proxies saw fail; `Traffic` picks what the services themselves know nothing of. */
    failedOnTheWay: `${sumOfRates(
      select(REQUESTS, { reporter: 'source', response_code: MADE_BY_PROXIES }),
      window,
      [
        ...SERVICE,
        'source_workload',
        'destination_canonical_revision',
        'response_code',
        'response_flags',
      ],
    )} > 0`,
    /** Milliseconds. */
    p99: quantileOfRates(0.99, select(DURATIONS, AT_SERVER), window, SERVICE),
  };
}
