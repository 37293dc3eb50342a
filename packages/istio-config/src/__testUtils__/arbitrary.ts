import fc from 'fast-check';
import type { KubeObject } from '../kube/KubeObject';

const KINDS: [kind: string, apiVersion: string][] = [
  ['AuthorizationPolicy', 'security.istio.io/v1'],
  ['ConfigMap', 'v1'],
  ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
  ['Deployment', 'apps/v1'],
  ['DestinationRule', 'networking.istio.io/v1'],
  ['EnvoyFilter', 'networking.istio.io/v1alpha3'],
  ['Gateway', 'networking.istio.io/v1'],
  ['Gateway', 'gateway.networking.k8s.io/v1'],
  ['GRPCRoute', 'gateway.networking.k8s.io/v1'],
  ['HTTPRoute', 'gateway.networking.k8s.io/v1'],
  ['MeshNetworks', 'mesh.istio.io/v1alpha1'],
  ['MutatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
  ['Namespace', 'v1'],
  ['PeerAuthentication', 'security.istio.io/v1'],
  ['Pod', 'v1'],
  ['ReferenceGrant', 'gateway.networking.k8s.io/v1beta1'],
  ['RequestAuthentication', 'security.istio.io/v1'],
  ['Secret', 'v1'],
  ['Service', 'v1'],
  ['ServiceEntry', 'networking.istio.io/v1'],
  ['ServiceMonitor', 'monitoring.coreos.com/v1'],
  ['Sidecar', 'networking.istio.io/v1'],
  ['Telemetry', 'telemetry.istio.io/v1'],
  ['ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
  ['VirtualService', 'networking.istio.io/v1'],
];

const NAMES = ['a', 'b', 'istio', 'istiod-default-validator'];
const NAMESPACES = [undefined, 'one', 'two', 'istio-system'];

/** The fields that rules look into, so that shapes go wrong where it matters. */
const FIELDS = [
  ...['hosts', 'host', 'http', 'tcp', 'tls', 'route', 'destination', 'subset'],
  ...[
    'subsets',
    'name',
    'labels',
    'match',
    'headers',
    'uri',
    'prefix',
    'regex',
  ],
  ...['gateways', 'exportTo', 'selector', 'matchLabels', 'servers', 'port'],
  ...['ports', 'number', 'protocol', 'targetPort', 'template', 'metadata'],
  ...['spec', 'containers', 'image', 'rules', 'from', 'source', 'to', 'when'],
  ...['operation', 'principals', 'namespaces', 'trafficPolicy', 'mode'],
  ...['portLevelSettings', 'mtls', 'portLevelMtls', 'configPatches', 'patch'],
  ...['webhooks', 'clientConfig', 'endpoints', 'addresses', 'mirror', 'weight'],
  ...['parentRefs', 'backendRefs', 'matches', 'filters', 'path', 'value'],
  ...['workloadSelector', 'egress', 'retries', 'timeout', 'fault', '__proto__'],
];

/** Anything that YAML can say, with the fields that rules look into. */
export const junk = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom('a', 'a.one.svc.cluster.local', '*', 'STRICT', '', '1s'),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('value'), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
  ),
})).value;

const labels = fc.oneof(
  fc.constantFrom(undefined, { app: 'a' }, { app: 'b', version: 'v1' }),
  fc.dictionary(
    fc.constantFrom('app', 'istio', '__proto__', 'istio.io/rev', 'version'),
    junk,
    { maxKeys: 2, noNullPrototype: true },
  ),
);

/** An object whose name is in order and nothing else. */
export const malformedObject = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    name: fc.constantFrom(...NAMES),
    namespace: fc.constantFrom(...NAMESPACES),
    labels,
    annotations: fc.dictionary(
      fc.constantFrom('sidecar.istio.io/inject', 'istio.io/dry-run', 'x/y'),
      junk,
      { maxKeys: 2, noNullPrototype: true },
    ),
    more: junk,
    extra: fc.dictionary(
      fc.constantFrom('spec', 'status', 'data', 'webhooks', 'networks'),
      junk,
      { maxKeys: 3, noNullPrototype: true },
    ),
  })
  .map(
    ({ kind: [kind, apiVersion], more, extra, ...metadata }) =>
      ({
        apiVersion,
        kind,
        metadata,
        spec: more,
        ...extra,
      } as unknown as KubeObject),
  );

/** Objects with different names: the last of two with the same would win. */
export const malformedObjects = fc.uniqueArray(malformedObject, {
  maxLength: 12,
  selector: ({ apiVersion, kind, metadata }) =>
    `${apiVersion} ${kind} ${metadata.namespace} ${metadata.name}`,
});

export const RUNS = Number(process.env.PROPERTY_RUNS ?? 150);
