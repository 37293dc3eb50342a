import fc from 'fast-check';
import type { AnyObject } from '../../KubeApi';
import { istio } from '../../testMesh';
import { CREDENTIAL, EDGE, ONE } from '../places';
import type { Ask } from '../Trial';
import {
  KUBERNETES_PORT,
  KUBERNETES_TLS_PORT,
  kubernetesGateway,
} from './gatewayApi';
import { ask } from './requests';
import { sometimes } from './sometimes';

const TLS_PORT = 443;
const SNI = [
  'a.example.com',
  'b.example.com',
  'a.compare-one',
  'other.test',
  'a.compare-one.svc.cluster.local',
];

const hosts = fc.constantFrom(
  ['*'],
  ['a.example.com'],
  ['*.example.com'],
  ['b.example.com', 'a.compare-one'],
  ['compare-one/a.example.com'],
  ['./*.example.com'],
  ['compare-edge/*'],
);
const plain = fc.record({
  port: fc.constant({ number: 80, name: 'http', protocol: 'HTTP' }),
  hosts,
  tls: sometimes(fc.constant({ httpsRedirect: true }), 1),
});
const encrypted = (number: number, name: string) =>
  fc.record({
    port: fc.constant({ number, name, protocol: 'HTTPS' }),
    hosts,
    tls: fc
      .record({
        mode: fc.constant('SIMPLE'),
        credentialName: fc.constant(CREDENTIAL),
        httpsRedirect: sometimes(fc.constant(true), 6),
      })
      .map(tls => JSON.parse(JSON.stringify(tls)) as object),
  });
const gateway = (
  place: string,
  name: string,
  servers: fc.Arbitrary<object[]>,
) =>
  servers.map(own =>
    istio('Gateway', place, name, {
      selector: { istio: 'compare-edge' },
      servers: own,
    }),
  );
const web = gateway(
  EDGE,
  'web',
  fc.oneof(
    fc.tuple(plain, encrypted(TLS_PORT, 'https')),
    fc.tuple(
      plain,
      encrypted(TLS_PORT, 'https'),
      encrypted(TLS_PORT, 'https-more'),
    ),
  ),
);
const more = gateway(ONE, 'more', fc.tuple(encrypted(TLS_PORT, 'https')));

const listener = sometimes(
  fc.constantFrom('a.example.com', '*.example.com'),
  1,
).map(hostname => ({
  name: 'https',
  port: KUBERNETES_TLS_PORT,
  protocol: 'HTTPS',
  hostname,
  allowedRoutes: { namespaces: { from: 'All' } },
  tls: { mode: 'Terminate', certificateRefs: [{ name: CREDENTIAL }] },
}));

/**
 * Of servers with the same host istiod leaves out the later ones. It takes hosts for different that only their namespaces tell
 * apart; then Envoy finds one name in two greetings, refuses the port, and keeps what it had.
 */
function greetApart(gateways: readonly AnyObject[]): boolean {
  const written = new Map<string, string>();
  return gateways
    .filter(({ apiVersion }) => apiVersion.startsWith('networking'))
    .flatMap(({ metadata, spec }) =>
      spec.servers
        .filter(({ port }: any) => port.number === TLS_PORT)
        .flatMap((server: any) => server.hosts as string[])
        .map((host: string) => host.replace(/^\./, metadata.namespace ?? '')),
    )
    .every(host => {
      const name = host.replace(/^.*\//, '');
      const known = written.get(name) ?? host;
      written.set(name, known);
      return known === host;
    });
}

/** Gateways with servers of HTTPS, and HTTP that leads there. */
export const httpsGateways: fc.Arbitrary<AnyObject[]> = fc
  .tuple(
    web,
    sometimes(more, 2),
    fc.tuple(kubernetesGateway, listener).map(
      ([object, one]): AnyObject => ({
        ...object,
        spec: { ...object.spec, listeners: [...object.spec.listeners, one] },
      }),
    ),
  )
  .map(objects => objects.filter((one): one is AnyObject => Boolean(one)))
  .filter(greetApart);

/** Requests to those gateways; in the greeting is mostly the host. */
export const httpsAsk: fc.Arbitrary<Ask> = fc
  .tuple(
    ask.filter(({ gateway: asked }) => asked !== undefined),
    fc.constantFrom(80, TLS_PORT, TLS_PORT, TLS_PORT, 'kube' as const),
    sometimes(fc.constantFrom(...SNI), 2),
    sometimes(fc.constant(true), 12),
  )
  .map(([one, port, other, isMistaken]) => {
    const isKubernetes = port === 'kube';
    const isEncrypted = (port !== 80) !== (isMistaken === true);
    const encryptedPort = isKubernetes ? KUBERNETES_TLS_PORT : port;
    return {
      ...one,
      ...(isKubernetes ? { gateway: `${EDGE}/kube` } : {}),
      port:
        isKubernetes && isMistaken === true ? KUBERNETES_PORT : encryptedPort,
      ...(isEncrypted ? { sni: other ?? one.host } : {}),
    };
  });
