import { selecting } from './promql';
import { serviceQueries } from './serviceQueries';

it('asks for the Envoy clusters of one service only, whatever its name', () => {
  const { ejections, overflows } = serviceQueries(
    { namespace: 'a', service: 'sh.op' },
    selecting(),
  );
  for (const query of [ejections(), overflows('1m')]) {
    expect(query).toContain(
      '{cluster_name=~"outbound\\\\|[0-9]+\\\\|[^|]*\\\\|sh\\\\.op\\\\.a\\\\.svc\\\\..*"}',
    );
  }
});
