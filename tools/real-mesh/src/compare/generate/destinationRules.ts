import fc from 'fast-check';
import { istio } from '../../testMesh';
import { EDGE, ONE, TWO } from '../places';
import { sometimes } from './sometimes';

const tls = fc.record({
  mode: fc.constantFrom('DISABLE', 'ISTIO_MUTUAL', 'ISTIO_MUTUAL', 'SIMPLE'),
});
const policy = fc.record({
  tls: sometimes(tls, 1),
  connectionPool: sometimes(
    fc.constant({ http: { maxRequestsPerConnection: 1 } }),
    2,
  ),
  portLevelSettings: sometimes(
    fc
      .record({
        number: fc.constantFrom(80, 81),
        tls: sometimes(tls, 1),
      })
      .map(({ number, ...rest }) => [{ port: { number }, ...rest }]),
    2,
  ),
});
const subset = fc.record({
  name: fc.constantFrom('v1', 'v2'),
  labels: fc.constantFrom(
    { version: 'v1' },
    { version: 'v2' },
    { version: 'v9' },
    {},
  ),
  trafficPolicy: sometimes(policy, 3),
});

/** DestinationRules of several namespaces for the same hosts. */
export const destinationRule = fc
  .record({
    place: fc.constantFrom(ONE, ONE, TWO, EDGE, 'istio-system'),
    name: fc.constantFrom('a', 'b', 'other'),
    host: fc.constantFrom(
      'a.compare-one.svc.cluster.local',
      'a.compare-one.svc.cluster.local',
      'a',
      'b.compare-one.svc.cluster.local',
      '*.compare-one.svc.cluster.local',
      '*.cluster.local',
    ),
    exportTo: sometimes(
      fc.constantFrom(['.'], ['*'], [TWO], [EDGE, TWO], [ONE]),
      2,
    ),
    workloadSelector: sometimes(
      fc.constantFrom(
        { matchLabels: { app: 'client' } },
        { matchLabels: { app: 'edge' } },
      ),
      6,
    ),
    trafficPolicy: sometimes(policy, 2),
    subsets: sometimes(
      fc.uniqueArray(subset, {
        minLength: 1,
        maxLength: 2,
        selector: ({ name }) => name,
      }),
      1,
    ),
  })
  .map(({ place, name, ...spec }) =>
    istio('DestinationRule', place, name, spec),
  );
