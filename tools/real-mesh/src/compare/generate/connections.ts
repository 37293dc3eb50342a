import fc from 'fast-check';
import { istio } from '../../testMesh';
import { EDGE, ONE, TWO } from '../places';
import type { Ask } from '../Trial';
import { sometimes } from './sometimes';
import { GATEWAYS } from './virtualServices';

/** Of the mesh's Services, and of nobody. */
const NAMES = [
  'a.compare-one.svc.cluster.local',
  'b.compare-one.svc.cluster.local',
  'a.example.com',
  'b.example.com',
];
export const GATEWAY_PORTS = { tcp: 9001, terminated: 9002, passedOn: 9443 };

const condition = {
  port: sometimes(fc.constantFrom(9000, 9443, ...Object.values(GATEWAY_PORTS))),
  sourceLabels: sometimes(fc.constantFrom({ app: 'client' }, { app: 'b' }), 4),
  sourceNamespace: sometimes(fc.constantFrom(ONE, TWO), 5),
  gateways: sometimes(fc.constantFrom(...GATEWAYS), 3),
};
const destination = fc.record({
  host: fc.constantFrom(
    'a.compare-one.svc.cluster.local',
    'b',
    'c.compare-two.svc.cluster.local',
    'd.compare-plain.svc.cluster.local',
  ),
  subset: sometimes(fc.constantFrom('v1', 'v2', 'none'), 3),
  port: sometimes(fc.constantFrom({ number: 9000 }, { number: 9443 }), 1),
});
const route = destination.map(one => [{ destination: one }]);

const tcp = fc.record({
  match: sometimes(
    fc.array(fc.record(condition), { minLength: 1, maxLength: 2 }),
    1,
  ),
  route,
});

/**
 * The webhook refuses names that the hosts do not cover; and of two matches that have a name in common and others not, Envoy
 * refuses the whole listener.
 */
const sniHosts = (hosts: readonly string[]) =>
  fc
    .constantFrom(
      ...hosts.flatMap(host =>
        host.startsWith('*')
          ? [host, ...NAMES.filter(name => name.endsWith(host.slice(1)))]
          : [host],
      ),
    )
    .map(name => [name]);

/** VirtualServices with rules for TLS and TCP. */
export const connectionVirtualService = fc
  .uniqueArray(
    fc.constantFrom(
      'a.compare-one.svc.cluster.local',
      'a.compare-one.svc.cluster.local',
      'a.example.com',
      '*.compare-one.svc.cluster.local',
      '*.example.com',
    ),
    { minLength: 1, maxLength: 2 },
  )
  .chain(hosts =>
    fc.record({
      place: fc.constantFrom(ONE, ONE, TWO, EDGE),
      name: fc.constantFrom('third', 'fourth'),
      hosts: fc.constant(hosts),
      gateways: fc.constantFrom(undefined, ...GATEWAYS),
      exportTo: sometimes(fc.constantFrom(['.'], [TWO], [ONE, EDGE]), 4),
      tcp: sometimes(fc.array(tcp, { minLength: 1, maxLength: 2 }), 1),
      tls: fc.array(
        fc.record({
          match: fc.array(
            fc.record({ ...condition, sniHosts: sniHosts(hosts) }),
            { minLength: 1, maxLength: 2 },
          ),
          route,
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  )
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

const server = (
  number: number,
  protocol: string,
  hosts: readonly string[],
  more: object = {},
) => ({
  port: { number, name: `${protocol.toLowerCase()}-${number}`, protocol },
  hosts,
  ...more,
});

/** Servers of a Gateway that carry connections. */
export const connectionServers = fc
  .constantFrom(
    ['*'],
    ['a.example.com'],
    ['*.example.com'],
    ['compare-one/*'],
    ['./*.compare-one.svc.cluster.local'],
  )
  .map(hosts => [
    server(GATEWAY_PORTS.tcp, 'TCP', hosts),
    server(GATEWAY_PORTS.passedOn, 'TLS', hosts, {
      tls: { mode: 'PASSTHROUGH' },
    }),
  ]);

const caller = fc.constantFrom(`${ONE}/client`, `${TWO}/client`, `${ONE}/b`);
const ofNoRequest = { method: '', path: '', headers: {} };

const inMesh = fc
  .tuple(
    caller,
    fc.constantFrom(`${ONE}/a`, `${ONE}/a`, `${ONE}/b`, `${TWO}/c`),
    fc.constantFrom('tcp' as const, 'tls' as const),
    fc.constantFrom(9000, 9443),
    fc.constantFrom(undefined, undefined, ...NAMES, 'other.test'),
  )
  .filter(([from, to]) => from !== to)
  .map(([from, to, protocol, port, greeted]): Ask => {
    const [place, name] = to.split('/');
    const own = `${name}.${place}.svc.cluster.local`;
    const host = protocol === 'tls' ? greeted ?? own : own;
    return { ...ofNoRequest, protocol, from, to, host, port };
  });

const atGateway = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(GATEWAY_PORTS.tcp, GATEWAY_PORTS.passedOn),
  )
  .map(
    ([host, port]): Ask => ({
      ...ofNoRequest,
      protocol: port === GATEWAY_PORTS.passedOn ? 'tls' : 'tcp',
      from: 'compare-plain/client',
      to: `${ONE}/a`,
      gateway: 'compare-edge/web',
      host,
      port,
    }),
  );

/** Connections, plain ones and such as begin with a TLS greeting. */
export const connectionAsk = fc.oneof(
  { weight: 3, arbitrary: inMesh },
  { weight: 1, arbitrary: atGateway },
);
