import { selecting } from '../sources/prometheus/promql';
import { fleetQueries } from './fleetQueries';

describe('fleetQueries', () => {
  it('sum on the server, and leave out what is nothing', () => {
    expect(fleetQueries(selecting(), '5m').fine).toBe(
      'sum(rate(istio_requests_total{reporter=~"destination|waypoint",response_code!~"0|-|4..|5.."}[5m])) by (destination_service_namespace,destination_service_name,destination_canonical_revision,response_code,connection_security_policy) > 0',
    );
  });
});
