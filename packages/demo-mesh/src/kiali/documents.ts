import type { MeshObjects } from '@meshdeck/istio-config';

const VERSION = 'v2.31.0';

/** `/api/status`. */
export function statusDocument(): object {
  return {
    status: {
      'Kiali commit hash': 'stand-in',
      'Kiali container version': VERSION,
      'Kiali state': 'running',
      'Kiali version': VERSION,
      'Disabled features': '',
    },
    externalServices: [
      { name: 'Kubernetes-Kubernetes', version: 'v1.34.0' },
      { name: 'Prometheus', version: '3.5.0' },
      { name: 'Jaeger', version: '1.76.0' },
    ],
    warningMessages: [],
    istioEnvironment: { istioAPIEnabled: true },
  };
}

/** `/api/config`: the parts that clients read. */
export function configDocument(set: MeshObjects): object {
  return {
    clusters: {
      Kubernetes: { isKialiHome: true, name: 'Kubernetes', accessible: true },
    },
    deployment: { viewOnlyMode: true },
    healthConfig: { rate: [] },
    istioIdentityDomain: `svc.${set.meshConfig.domain}`,
    istioLabels: {
      ambientNamespaceLabel: 'istio.io/dataplane-mode',
      injectionLabelName: 'istio-injection',
      injectionLabelRev: 'istio.io/rev',
    },
    kialiFeatureFlags: { disabledFeatures: [] },
    prometheus: { globalScrapeInterval: 15, storageTsdbRetention: 86_400 },
  };
}
