import { setFromYaml } from '../../setFromYaml';

export const CART = { namespace: 'shop', service: 'cart' };
export const ANNA = 'cluster.local/ns/shop/sa/anna';

export const workload = (name: string, labels = '') => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { namespace: shop, name: ${name} }
spec:
  selector: { matchLabels: { app: cart, name: ${name} } }
  template:
    metadata: { labels: { app: cart, name: ${name} ${labels} } }
    spec: { containers: [{ name: app, ports: [{ containerPort: 8080 }] }] }
`;
export const BASE = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Service
metadata: { namespace: shop, name: cart }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { namespace: shop, name: cart }
spec: { host: cart, subsets: [{ name: v1 }, { name: v2 }] }
${workload('cart-v1')}`;
export const setOf = (more = '') => setFromYaml(`${BASE}\n---\n${more}`);
export const policy = (name: string, spec: string) => `
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { namespace: shop, name: ${name} }
spec: ${spec}
`;
export const ALLOWED = policy('open', '{ action: ALLOW, rules: [{}] }');
export const route = (kind: string, spec: string, name = 'cart') => `
apiVersion: ${
  kind === 'VirtualService'
    ? 'networking.istio.io/v1'
    : 'gateway.networking.k8s.io/v1'
}
kind: ${kind}
metadata: { namespace: shop, name: ${name} }
spec: ${spec}
`;
export const rule = (kind: string, at: (string | number)[]) => ({
  object: {
    apiVersion: 'x/v1',
    kind,
    namespace: 'shop',
    name: 'cart',
  },
  at,
});
export const HTTP = rule('VirtualService', ['spec', 'http', 0]);
export const toCart =
  '{ hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }';
