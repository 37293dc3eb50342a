import { setFromYaml } from '../setFromYaml';

/** A Deployment with one ready pod that has a sidecar. */
export function deployment(
  name: string,
  options: {
    app?: string;
    version?: string;
    namespace?: string;
    sidecar?: boolean;
    ready?: boolean;
  } = {},
): string {
  const {
    app = name,
    version = 'stable',
    namespace = 'orion',
    sidecar = true,
    ready = true,
  } = options;
  const metadata = `labels: {app: ${app}, version: ${version}}`;
  const spec = `serviceAccountName: ${app}, containers: [{name: app}${
    sidecar ? ', {name: istio-proxy}' : ''
  }]`;
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec: {template: {metadata: {${metadata}}, spec: {${spec}}}}
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}-abc12-xyz
  namespace: ${namespace}
  ${metadata}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: ${name}-abc12}]
spec: {${spec}}
status: {conditions: [{type: Ready, status: "${ready ? 'True' : 'False'}"}]}
---`;
}

/** A Service for `app: name` on port 8080. */
export function service(name: string, namespace = 'orion'): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 8080, targetPort: 8080}]}
---`;
}

export const AUTH_SERVICE = `
${service('auth-service')}
${deployment('auth-service')}
${deployment('auth-service-canary', { app: 'auth-service', version: 'canary' })}
${deployment('gateway-service')}
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: auth-service, namespace: orion}
spec:
  host: auth-service
  trafficPolicy:
    connectionPool: {http: {http2MaxRequests: 1000, maxRequestsPerConnection: 10}}
    loadBalancer: {simple: LEAST_REQUEST}
    outlierDetection: {consecutiveErrors: 5, interval: 30s, baseEjectionTime: 30s}
  subsets:
    - {name: stable, labels: {version: stable}}
    - {name: canary, labels: {version: canary}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: auth-service, namespace: orion, creationTimestamp: "2026-01-01T00:00:00Z"}
spec:
  hosts: [auth-service]
  http:
    - match: [{uri: {prefix: /api/auth/login}, method: {exact: POST}}]
      route:
        - {destination: {host: auth-service, subset: stable}, weight: 90}
        - {destination: {host: auth-service, subset: canary}, weight: 10}
      timeout: 10s
      retries: {attempts: 2, perTryTimeout: 5s}
    - match: [{headers: {x-canary: {exact: "true"}}}]
      route: [{destination: {host: auth-service, subset: canary}}]
    - route: [{destination: {host: auth-service, subset: stable}}]
      timeout: 15s
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: auth-service-policy, namespace: orion}
spec:
  selector: {matchLabels: {app: auth-service}}
  action: ALLOW
  rules:
    - from: [{source: {principals: [cluster.local/ns/orion/sa/gateway-service]}}]
      to: [{operation: {paths: [/api/auth/login], methods: [POST]}}]
---
`;

export function orion(more = '') {
  return setFromYaml(`${AUTH_SERVICE}${more}`);
}
