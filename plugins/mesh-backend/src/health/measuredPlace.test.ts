import { setFromYaml } from '@meshdeck/istio-config';
import { measuredServices } from './measuredPlace';

const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}
---`;

const set = setFromYaml(`${[
  'flagged',
  'flagged-primary',
  'flagged-canary',
  'argued',
  'argued-canary',
  'weighed',
  'weighed-next',
  'alone',
]
  .map(service)
  .join('')}
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: flagged, namespace: shop}
spec: {provider: istio, targetRef: {kind: Deployment, name: flagged}, service: {port: 80}, analysis: {interval: 1m}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: argued, namespace: shop}
spec:
  selector: {matchLabels: {app: argued}}
  template: {metadata: {labels: {app: argued}}, spec: {containers: []}}
  strategy: {canary: {stableService: argued, canaryService: argued-canary}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: weighed, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: weighed, port: 80}]
  rules:
  - backendRefs:
    - {name: weighed, port: 80, weight: 9}
    - {name: weighed-next, port: 80, weight: 1}
`);

describe('whose requests count as a service’s own', () => {
  it.each([
    ['flagged', ['flagged', 'flagged-canary', 'flagged-primary']],
    ['flagged-primary', ['flagged-primary']],
    ['flagged-canary', ['flagged-canary']],
    ['argued', ['argued', 'argued-canary']],
    ['argued-canary', ['argued-canary']],
    ['weighed', ['weighed', 'weighed-next']],
    ['weighed-next', ['weighed-next']],
    ['alone', ['alone']],
  ])('%s: %j', (name, behind) => {
    expect(
      measuredServices(set, { namespace: 'shop', service: name }).behind,
    ).toEqual(behind);
  });
});
