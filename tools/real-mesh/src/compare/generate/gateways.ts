import fc from 'fast-check';
import type { AnyObject } from '../../KubeApi';
import { istio } from '../../testMesh';
import { EDGE, ONE } from '../places';

const hosts = fc.oneof(
  { weight: 3, arbitrary: fc.constant(['*']) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ['a.example.com'],
      ['*.example.com', 'a.compare-one'],
      ['*.compare-one.svc.cluster.local'],
      ['compare-one/*'],
      ['./*'],
      ['compare-two/a.example.com', '*/*.cluster.local'],
    ),
  },
);
const server = (number: number, more: object = {}) =>
  hosts.map(own => ({
    port: { number, name: `http-${number}`, protocol: 'HTTP' },
    hosts: own,
    ...more,
  }));
const servers = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(server(80)) },
  { weight: 1, arbitrary: fc.tuple(server(80), server(81)) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      server(80),
      server(81, { tls: { httpsRedirect: true } }),
    ),
  },
);
const gateway = (place: string, name: string) =>
  servers.map(own =>
    istio('Gateway', place, name, {
      selector: { istio: 'compare-edge' },
      servers: own,
    }),
  );

/** The gateway, and now and then another for the same pods. */
export const gateways: fc.Arbitrary<AnyObject[]> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(gateway(EDGE, 'web')) },
  {
    weight: 1,
    arbitrary: fc.tuple(gateway(EDGE, 'web'), gateway(ONE, 'more')),
  },
);
