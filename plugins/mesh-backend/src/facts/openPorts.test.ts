import { setFromYaml, workloadsOf } from '@meshdeck/istio-config';
import { mtlsPorts } from './mtlsPorts';
import { openPortsOf } from './openPorts';

const PLACE = { namespace: 'shop', service: 'cart' };
const pod = (name: string, containers: string, annotations = '{}') => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: cart }, annotations: ${annotations}, ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: cart, controller: true }] }
spec: { containers: [${containers}] }
status: { conditions: [{ type: Ready, status: 'True' }] }`;
const BARE = '{ name: app }';
const PROXIED = '{ name: app }, { name: istio-proxy }';

function openPorts(pods: string, mode = 'STRICT') {
  const set = setFromYaml(`
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80, targetPort: 8080 }, { name: metrics, port: 9090 }, { name: status, port: 15021 }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: all, namespace: shop }
spec: { mtls: { mode: ${mode} } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: cart, namespace: shop }
spec: { template: { metadata: { labels: { app: cart } }, spec: { containers: [{ name: app }] } } }${pods}`);
  return openPortsOf(mtlsPorts(set, PLACE), workloadsOf(set, 'shop', 'cart'));
}

describe('openPortsOf', () => {
  it('finds what a proxy leaves out of STRICT', () => {
    const pods = pod(
      'cart-0',
      PROXIED,
      '{ traffic.sidecar.istio.io/excludeInboundPorts: "9090" }',
    );
    expect(openPorts(pods)).toEqual([
      { workload: 'cart', port: 9090, ofSomePods: false },
    ]);
    expect(openPorts(pods, 'PERMISSIVE')).toEqual([]);
  });

  it('finds the ports of pods that lack the proxy that others have', () => {
    expect(openPorts(pod('cart-0', PROXIED) + pod('cart-1', BARE))).toEqual([
      { workload: 'cart', port: 8080, ofSomePods: true },
      { workload: 'cart', port: 9090, ofSomePods: true },
    ]);
  });

  it('says nothing of the proxy’s own ports, nothing where STRICT holds, and nothing of what is outside the mesh', () => {
    expect(openPorts(pod('cart-0', PROXIED))).toEqual([]);
    expect(openPorts(pod('cart-0', BARE))).toEqual([]);
  });
});
