import { setFromYaml } from '@meshdeck/istio-config';
import type { OverviewAlert, SourceStatus } from '@meshdeck/plugin-mesh-common';
import { serviceFacts } from '../../facts/serviceFacts';
import { Traffic } from '../../metrics/Traffic';
import { failedRolloutOf } from '../failedRolloutOf';
import { healthOf } from '../healthOf';

export const PLACE = { namespace: 'shop', service: 'cart' };

/** A Deployment with one ready pod. */
export const deployment = (
  version: string,
  more: { ready?: boolean; plain?: boolean } = {},
) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart-${version}, namespace: shop}
spec:
  selector: {matchLabels: {app: cart, version: ${version}}}
  template: {metadata: {labels: {app: cart, version: ${version}}}, spec: {containers: [{name: app}]}}
---
apiVersion: v1
kind: Pod
metadata:
  name: cart-${version}-1
  namespace: shop
  labels: {app: cart, version: ${version}}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: cart-${version}, controller: true, uid: u-${version}}]
spec: {serviceAccountName: cart, containers: [{name: app}${
  more.plain ? '' : ', {name: istio-proxy, image: proxyv2}'
}]}
status: {phase: Running, conditions: [{type: Ready, status: "${
  more.ready === false ? 'False' : 'True'
}"}]}
---`;

export const SERVICE = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}
---`;

export const rule = (subsets: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, subsets: [${subsets}]}
---`;
export const STABLE = '{name: stable, labels: {version: stable}}';
export const CANARY = '{name: canary, labels: {version: canary}}';

export const SPLIT = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - match: [{uri: {prefix: /login}}]
    route:
    - {destination: {host: cart, subset: stable}, weight: 80}
    - {destination: {host: cart, subset: canary}, weight: 20}
  - match: [{headers: {x-canary: {exact: "true"}}}]
    route: [{destination: {host: cart, subset: canary}}]
  - route: [{destination: {host: cart, subset: stable}}]
---`;
export const STRICT = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---`;
export const BOTH = `${SERVICE}${deployment('stable')}${deployment(
  'canary',
)}${SPLIT}`;
export const WHOLE = `${BOTH}${rule(`${STABLE}, ${CANARY}`)}`;
export const PLAIN = `${SERVICE}${deployment('stable')}`;

export const edge = (
  requestsPerSecond: number,
  labels: Record<string, string> = {},
) => ({
  labels: {
    reporter: 'destination',
    source_workload: 'web',
    source_workload_namespace: 'shop',
    destination_canonical_revision: 'stable',
    response_code: '200',
    response_flags: '-',
    connection_security_policy: 'mutual_tls',
    ...labels,
  },
  points: [[0, requestsPerSecond]] as [number, number][],
});
export const CALM = [edge(10)];
export const firing = (level: OverviewAlert['level']): OverviewAlert[] => [
  {
    name: 'CartBurns',
    state: 'firing',
    level,
    summary: 'Budget is burning',
  },
];

export interface Situation {
  yaml?: string;
  /** `null` before the first answer. */
  reports?: ReturnType<typeof edge>[] | null;
  alerts?: OverviewAlert[];
  prometheus?: SourceStatus['status'];
  kubernetes?: Partial<SourceStatus>;
}

export function health(situation: Situation) {
  const {
    yaml = PLAIN,
    reports = CALM,
    alerts = [],
    prometheus = 'ok',
  } = situation;
  const set = setFromYaml(yaml);
  const knows = prometheus === 'ok' && reports !== null;
  return healthOf({
    service: PLACE.service,
    kubernetes: { id: 'kubernetes', status: 'ok', ...situation.kubernetes },
    prometheus: { id: 'prometheus', status: prometheus },
    config: serviceFacts(set, PLACE),
    rollout: failedRolloutOf(set, PLACE),
    traffic: knows ? Traffic.fromReports(reports ?? []) : undefined,
    alerts: knows ? alerts : undefined,
  });
}
