import { selecting } from '../sources/prometheus/promql';
import { fleetQueries } from './fleetQueries';

describe('fleetQueries', () => {
  it('sums on the server, and leaves out what is nothing', () => {
    expect(fleetQueries(selecting(), '1m').arrived).toBe(
      'sum(rate(istio_requests_total{reporter=~"destination|waypoint"}[1m])) by (destination_service_namespace,destination_service_name,response_code,connection_security_policy) > 0',
    );
  });
});
