import { setFromYaml } from '@meshdeck/istio-config';
import { isClosedToPlaintext } from './isClosedToPlaintext';
import { mtlsPorts } from './mtlsPorts';

const POD = `
---
apiVersion: v1
kind: Pod
metadata: { name: cart-0, namespace: shop, labels: { app: cart }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "9191" } }
spec: { containers: [{ name: app }, { name: istio-proxy }] }`;

function isClosed(policy: string, ports: string, pods = POD): boolean {
  const set = setFromYaml(`
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [${ports}] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, ${policy} }${pods}`);
  return isClosedToPlaintext(
    mtlsPorts(set, { namespace: 'shop', service: 'cart' }),
  );
}

const STRICT = 'mtls: { mode: STRICT }';
const HTTP = '{ name: http, port: 80, targetPort: 8080 }';

describe('isClosedToPlaintext', () => {
  it.each([
    ['all ports are STRICT', true, isClosed(STRICT, HTTP)],
    [
      'a policy lets both in',
      false,
      isClosed('mtls: { mode: PERMISSIVE }', HTTP),
    ],
    [
      'one port is apart',
      false,
      isClosed(
        `${STRICT}, portLevelMtls: { 9090: { mode: PERMISSIVE } }`,
        `${HTTP}, { name: metrics, port: 9090 }`,
      ),
    ],
    [
      'the proxy leaves a port out',
      false,
      isClosed(STRICT, `${HTTP}, { name: metrics, port: 9191 }`),
    ],
    ['nobody is there', false, isClosed(STRICT, HTTP, '')],
  ])('where %s: %s', (_name, expected, seen) => {
    expect(seen).toBe(expected);
  });
});
