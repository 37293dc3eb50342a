import fc from 'fast-check';
import type { AnyObject } from '../../KubeApi';
import { istio, service } from '../../testMesh';
import type { Ask } from '../Trial';
import { EDGE, NEAR, ONE, PLAIN, PORTS, TWO } from '../places';
import { ask } from './requests';
import { hasSomething, sometimes } from './sometimes';

const HOST = `${NEAR}.${ONE}.svc.cluster.local`;

const said = fc.record({
  'networking.istio.io/traffic-distribution': sometimes(
    fc.constantFrom(
      'PreferClose',
      'prefersamenode',
      'PreferSameZone',
      'Any',
      'nonsense',
    ),
    1,
  ),
  'networking.istio.io/exportTo': sometimes(
    fc.constantFrom('.', '*', TWO, `${TWO},${EDGE}`, '~', `., ${EDGE}`),
    1,
  ),
});

/** A Service that says who may see it, and which of its pods are to be asked first. */
export const nearService: fc.Arbitrary<AnyObject> = fc
  .record({
    annotations: said,
    trafficDistribution: sometimes(
      fc.constantFrom('PreferClose', 'PreferSameZone', 'PreferSameNode'),
      2,
    ),
  })
  .map(({ annotations, trafficDistribution }) => {
    const object = service(ONE, NEAR, PORTS, {
      selector: { app: 'a' },
      trafficDistribution,
    });
    return {
      ...object,
      metadata: {
        ...object.metadata,
        annotations: JSON.parse(JSON.stringify(annotations)),
      },
    };
  });

const locality = fc.oneof(
  fc.constantFrom(
    { enabled: false },
    {},
    { failoverPriority: ['topology.kubernetes.io/zone'] },
    { failoverPriority: ['version=v2'] },
    { failoverPriority: ['app', 'topology.kubernetes.io/zone'] },
    {
      distribute: [
        { from: 'region-1/zone-1/*', to: { 'region-1/zone-2/*': 100 } },
      ],
    },
    {
      distribute: [
        {
          from: 'region-1/*',
          to: { 'region-1/zone-1/*': 50, 'region-1/zone-2/*': 50 },
        },
      ],
    },
  ),
);
const zones = fc.constantFrom(
  {},
  { enabled: false },
  { failoverPriority: ['version=v2'] },
  { failover: [{ from: 'region-1', to: 'region-2' }] },
);
const policy = fc
  .record({
    loadBalancer: sometimes(
      fc.oneof(
        {
          weight: 3,
          arbitrary: locality.map(localityLbSetting => ({ localityLbSetting })),
        },
        {
          weight: 1,
          arbitrary: zones.map(zoneAwareLbSetting => ({ zoneAwareLbSetting })),
        },
      ),
      1,
    ),
    // Nobody is ever put out.
    outlierDetection: sometimes(
      fc.constant({ consecutive5xxErrors: 10000, consecutiveGatewayErrors: 0 }),
      1,
    ),
  })
  .filter(hasSomething);

/** DestinationRules that say where requests go by the caller’s place, some of them for single workloads. */
export const nearDestinationRule = fc
  .record({
    place: fc.constantFrom(ONE, ONE, TWO, EDGE),
    name: fc.constantFrom('near', 'own'),
    host: fc.constantFrom(HOST, HOST, '*.compare-one.svc.cluster.local'),
    workloadSelector: sometimes(
      fc.constantFrom(
        { matchLabels: { app: 'client' } },
        { matchLabels: { app: 'edge' } },
        { matchLabels: { app: 'client', version: 'v2' } },
      ),
      1,
    ),
    trafficPolicy: sometimes(policy, 1),
    subsets: sometimes(
      fc.constantFrom(
        [{ name: 'v1', labels: { version: 'v1' } }],
        [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'all', labels: {} },
        ],
      ),
      1,
    ),
  })
  .map(({ place, name, ...spec }) =>
    istio('DestinationRule', place, name, spec),
  );

/** VirtualServices that lead there. */
export const nearVirtualService = fc
  .record({
    place: fc.constantFrom(ONE, TWO, EDGE),
    name: fc.constantFrom('first', 'second'),
    hosts: fc.constantFrom([HOST], ['a.example.com'], ['*.example.com']),
    gateways: sometimes(fc.constant(['mesh', `${EDGE}/web`]), 1),
    http: fc.array(
      fc.record({
        match: sometimes(fc.constant([{ uri: { prefix: '/a' } }]), 1),
        route: fc
          .record({
            host: fc.constant(HOST),
            subset: sometimes(fc.constantFrom('v1', 'all', 'none'), 1),
            port: fc.constantFrom({ number: 80 }, { number: 81 }),
          })
          .map(destination => [{ destination }]),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

/** To that Service by its own name, and by others that lead there. */
export const nearAsk: fc.Arbitrary<Ask> = fc
  .tuple(ask, fc.constantFrom(HOST, HOST, `${NEAR}.${ONE}`, 'a.example.com'))
  .map(([one, host]) =>
    one.gateway
      ? one
      : {
          ...one,
          from: one.from === `${ONE}/b` ? `${PLAIN}/client` : one.from,
          to: `${ONE}/${NEAR}`,
          host,
          port: one.port === 8000 ? 80 : one.port,
        },
  );
