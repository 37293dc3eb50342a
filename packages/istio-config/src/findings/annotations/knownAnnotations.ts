import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf } from '../../kube/reading';

/** Where an annotation belongs, and what Istio says of it. */
export interface KnownAnnotation {
  on: readonly string[];
  alpha: boolean;
  deprecated: boolean;
}

const alpha = (on: string, names: string): [string, KnownAnnotation][] =>
  names
    .trim()
    .split(/\s+/)
    .map(name => [name, { on: on.split(' '), alpha: true, deprecated: false }]);
const beta = (on: string, names: string): [string, KnownAnnotation][] =>
  alpha(on, names).map(([name, known]) => [name, { ...known, alpha: false }]);
const deprecated = (
  entries: [string, KnownAnnotation][],
): [string, KnownAnnotation][] =>
  entries.map(([name, known]) => [name, { ...known, deprecated: true }]);

/** Source: istio/api annotation/annotations.gen.go. */
export const KNOWN_ANNOTATIONS: ReadonlyMap<string, KnownAnnotation> = new Map([
  ...alpha(
    'Any',
    'galley.istio.io/analyze-suppress gateway.istio.io/controller-version install.operator.istio.io/chart-owner install.operator.istio.io/owner-generation install.operator.istio.io/version',
  ),
  ...beta('Any', 'analysis.istio.io/suppress'),
  ...alpha('AuthorizationPolicy', 'istio.io/dry-run'),
  ...alpha('Gateway GatewayClass', 'ambient.istio.io/waypoint-inbound-binding'),
  ...alpha(
    'Gateway',
    'gateway.istio.io/name-override gateway.istio.io/service-account gateway.istio.io/tls-terminate-mode networking.istio.io/service-type networking.istio.io/address-type',
  ),
  ...alpha('Namespace', 'topology.istio.io/controlPlaneClusters'),
  ...alpha('Service', 'networking.istio.io/exportTo'),
  ...alpha(
    'Service ServiceEntry Namespace',
    'networking.istio.io/traffic-distribution',
  ),
  ...beta('Service', 'traffic.istio.io/nodeSelector'),
  ...beta('Ingress', 'kubernetes.io/ingress.class'),
  ...deprecated(
    alpha(
      'Service',
      'alpha.istio.io/canonical-serviceaccounts alpha.istio.io/kubernetes-serviceaccounts',
    ),
  ),
  ...alpha(
    'WorkloadEntry',
    'istio.io/autoRegistrationGroup istio.io/connectedAt istio.io/disconnectedAt istio.io/workloadController',
  ),
  ...beta('Pod', 'ambient.istio.io/redirection proxy.istio.io/config'),
  ...deprecated(beta('Pod', 'sidecar.istio.io/inject')),
  ...deprecated(
    alpha(
      'Pod',
      `alpha.istio.io/identity sidecar.istio.io/controlPlaneAuthPolicy sidecar.istio.io/discoveryAddress
       sidecar.istio.io/extraStatTags sidecar.istio.io/statsInclusionPrefixes
       sidecar.istio.io/statsInclusionRegexps sidecar.istio.io/statsInclusionSuffixes`,
    ),
  ),
  ...alpha(
    'Pod',
    `ambient.istio.io/bypass-inbound-capture ambient.istio.io/dns-capture inject.istio.io/templates istio.io/rev
     istio.io/reroute-virtual-interfaces prometheus.istio.io/merge-metrics proxy.istio.io/overrides
     readiness.status.sidecar.istio.io/applicationPorts readiness.status.sidecar.istio.io/failureThreshold
     readiness.status.sidecar.istio.io/initialDelaySeconds readiness.status.sidecar.istio.io/periodSeconds
     sidecar.istio.io/agentLogLevel sidecar.istio.io/bootstrapOverride sidecar.istio.io/componentLogLevel
     sidecar.istio.io/enableCoreDump sidecar.istio.io/interceptionMode sidecar.istio.io/logLevel
     sidecar.istio.io/nativeSidecar sidecar.istio.io/proxyCPU sidecar.istio.io/proxyCPULimit
     sidecar.istio.io/proxyImage sidecar.istio.io/proxyImageType sidecar.istio.io/proxyMemory
     sidecar.istio.io/proxyMemoryLimit sidecar.istio.io/rewriteAppHTTPProbers sidecar.istio.io/statsHistogramBuckets
     sidecar.istio.io/statsCompression sidecar.istio.io/status sidecar.istio.io/userVolume sidecar.istio.io/userVolumeMount
     status.sidecar.istio.io/port traffic.sidecar.istio.io/excludeInboundPorts
     traffic.sidecar.istio.io/excludeInterfaces traffic.sidecar.istio.io/excludeOutboundIPRanges
     traffic.sidecar.istio.io/excludeOutboundPorts traffic.sidecar.istio.io/includeInboundPorts
     traffic.sidecar.istio.io/includeOutboundIPRanges traffic.sidecar.istio.io/includeOutboundPorts
     traffic.sidecar.istio.io/kubevirtInterfaces`,
  ),
]);

/** An annotation that is Istio's by name, with what is known of it. */
export interface IstioAnnotation {
  name: string;
  value: string;
  known?: KnownAnnotation;
}

/** Those among the annotations that are Istio's by name. */
export function istioAnnotations(annotations: unknown): IstioAnnotation[] {
  return fieldsOf(annotations)
    .filter(
      ([name]) =>
        name === 'kubernetes.io/ingress.class' ||
        name.split('/')[0].endsWith('istio.io'),
    )
    .map(([name, value]) => ({
      name,
      value: String(value),
      known: KNOWN_ANNOTATIONS.get(name),
    }));
}

/** The kinds whose annotations Istio judges. */
export const ANNOTATED_KINDS = ['Namespace', 'Service', 'Pod', 'Deployment'];

export function belongs(known: KnownAnnotation, object: KubeObject): boolean {
  return known.on.includes('Any') || known.on.includes(object.kind);
}
