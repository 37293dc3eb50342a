import type { ObjectRef, ObjectYaml } from '@meshdeck/plugin-mesh-common';

export function virtualServiceYaml(stable = 90, canary = 10): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: auth-service
  namespace: orion
spec:
  hosts:
    - auth-service
    - auth.orion.example.com
  gateways:
    - mesh
    - orion-gateway
  http:
    - name: login
      match:
        - uri:
            prefix: /api/auth/login
          method:
            exact: POST
      timeout: 10s
      retries:
        attempts: 2
        perTryTimeout: 5s
      route:
        - destination:
            host: auth-service
            subset: stable
          weight: ${stable}
        - destination:
            host: auth-service
            subset: canary
          weight: ${canary}
    - name: testers
      match:
        - headers:
            x-canary:
              exact: "true"
      route:
        - destination:
            host: auth-service
            subset: canary
    - timeout: 15s
      route:
        - destination:
            host: auth-service
            subset: stable
`;
}

export const virtualServiceRef: ObjectRef = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'orion',
  name: 'auth-service',
};

export const virtualService: ObjectYaml = {
  ...virtualServiceRef,
  resourceVersion: '48211',
  yaml: virtualServiceYaml(),
};

export const destinationRule: ObjectYaml = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  namespace: 'orion',
  name: 'auth-service',
  resourceVersion: '47003',
  yaml: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: auth-service
  namespace: orion
spec:
  host: auth-service
  trafficPolicy:
    connectionPool:
      http:
        http2MaxRequests: 1000
    outlierDetection:
      consecutiveErrors: 5
      baseEjectionTime: 30s
  subsets:
    - name: stable
      labels:
        version: v1.8.2
    - name: canary
      labels:
        version: v2.0.0-canary
`,
};

export const peerAuthentication: ObjectYaml = {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  namespace: 'orion',
  name: 'orion-mtls',
  yaml: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: orion-mtls
  namespace: orion
spec:
  mtls:
    mode: STRICT
`,
};

export const authorizationPolicy: ObjectYaml = {
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  namespace: 'orion',
  name: 'auth-service-policy',
  yaml: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: auth-service-policy
  namespace: orion
spec:
  selector:
    matchLabels:
      app: auth-service
  action: ALLOW
  rules:
    - from:
        - source:
            principals:
              - cluster.local/ns/orion/sa/gateway-service
      to:
        - operation:
            methods: ["POST"]
            paths: ["/api/auth/login"]
`,
};
