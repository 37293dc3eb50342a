import fc from 'fast-check';
import { istio } from '../../testMesh';
import type { Ask } from '../Trial';
import { EDGE, ONE, OUTSIDE, TWO } from '../places';
import { ask } from './requests';
import { sometimes } from './sometimes';

/** Hosts outside the mesh; behind each is the same pod without a proxy. */
export const serviceEntry = fc
  .record({
    place: fc.constant(ONE),
    name: fc.constant('entry'),
    hosts: fc.constantFrom(
      ['x.entry.test'],
      ['x.entry.test', 'y.entry.test'],
      ['y.entry.test'],
      ['a.example.com'],
    ),
    port: fc.constantFrom(
      { number: 80, name: 'http', protocol: 'HTTP' },
      { number: 81, name: 'http', protocol: 'HTTP' },
    ),
    exportTo: sometimes(fc.constantFrom(['.'], [TWO], ['*']), 2),
  })
  .map(({ place, name, port, ...spec }) =>
    istio('ServiceEntry', place, name, {
      ...spec,
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: [{ ...port, targetPort: 8080 }],
      endpoints: [{ address: OUTSIDE }],
    }),
  );

const PORTS = fc
  .uniqueArray(
    fc.constantFrom(
      { number: 80, name: 'http', protocol: 'HTTP' },
      { number: 81, name: 'http-81', protocol: 'HTTP' },
      { number: 81, name: 'http2-81', protocol: 'HTTP2' },
      { number: 7070, name: 'grpc', protocol: 'GRPC' },
    ),
    { minLength: 1, maxLength: 2, selector: ({ number }) => number },
  )
  .chain(ports =>
    fc
      .constantFrom(8080, 8081)
      .map(targetPort => ports.map(port => ({ ...port, targetPort }))),
  );
const addresses = fc.constantFrom(
  [{ address: OUTSIDE }],
  [{ address: OUTSIDE, labels: { version: 'v1' } }],
  [],
);
const found = fc.oneof(
  fc.record({ resolution: fc.constant('STATIC'), endpoints: addresses }),
  fc.record({
    resolution: fc.constant('DNS'),
    endpoints: sometimes(fc.constant([{ address: 'x.entry.test' }]), 2),
  }),
);

/** Several for the same hosts, and such as overlap, in more than one namespace. */
export const overlappingServiceEntry = fc
  .record({
    place: fc.constantFrom(ONE, ONE, ONE, TWO, TWO, EDGE),
    name: fc.constantFrom('entry', 'other-entry', 'third-entry'),
    hosts: fc.constantFrom(
      ['x.entry.test'],
      ['x.entry.test'],
      ['x.entry.test', 'y.entry.test'],
      ['y.entry.test'],
      ['*.entry.test'],
    ),
    ports: PORTS,
    exportTo: sometimes(fc.constantFrom(['.'], [ONE], [TWO], ['*']), 2),
    location: fc.constantFrom(
      'MESH_EXTERNAL',
      'MESH_EXTERNAL',
      'MESH_INTERNAL',
    ),
    found,
  })
  .map(({ place, name, found: where, ...spec }) => {
    const isWildcard = spec.hosts.some(host => host.startsWith('*'));
    // Nobody looks up a wildcard.
    return istio('ServiceEntry', place, name, {
      ...spec,
      ...(isWildcard
        ? { resolution: 'STATIC', endpoints: [{ address: OUTSIDE }] }
        : where),
    });
  });

const entryRule = fc.record({
  host: fc.constantFrom('x.entry.test', 'x.entry.test', 'y.entry.test'),
  subset: sometimes(fc.constantFrom('v1', 'v2'), 4),
  port: sometimes(
    fc.constantFrom({ number: 80 }, { number: 81 }, { number: 7070 }),
    1,
  ),
});

/** VirtualServices that lead to such hosts, and for them. */
export const entryVirtualService = fc
  .record({
    place: fc.constantFrom(ONE, TWO),
    name: fc.constantFrom('first', 'second'),
    hosts: fc.constantFrom(
      ['x.entry.test'],
      ['y.entry.test'],
      ['*.entry.test'],
      ['a.compare-one.svc.cluster.local'],
    ),
    gateways: sometimes(fc.constant(['mesh', `${EDGE}/web`]), 2),
    exportTo: sometimes(fc.constantFrom(['.'], ['*']), 3),
    http: fc.array(
      fc.record({
        match: sometimes(fc.constant([{ uri: { prefix: '/a' } }]), 1),
        route: entryRule.map(destination => [{ destination }]),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

/** DestinationRules for them. */
export const entryDestinationRule = fc
  .record({
    place: fc.constantFrom(ONE, TWO),
    name: fc.constant('entry'),
    host: fc.constantFrom('x.entry.test', '*.entry.test'),
    subsets: fc.constant([
      { name: 'v1', labels: { version: 'v1' } },
      { name: 'v2', labels: { version: 'v2' } },
    ]),
  })
  .map(({ place, name, ...spec }) =>
    istio('DestinationRule', place, name, spec),
  );

/** Requests for hosts outside, known ones and others. */
export const entryAsk: fc.Arbitrary<Ask> = fc
  .tuple(
    ask.filter(
      ({ gateway, from }) =>
        gateway !== undefined || !from.startsWith('compare-plain'),
    ),
    fc.constantFrom('x', 'x', 'y', 'z', undefined),
    fc.constantFrom(80, 80, 81, 7070),
  )
  .map(([one, name, port]) => {
    if (name === undefined) {
      return one;
    }
    const host = `${name}.entry.test`;
    return one.gateway === undefined
      ? { ...one, to: `${ONE}/a`, host, port }
      : { ...one, host };
  });
