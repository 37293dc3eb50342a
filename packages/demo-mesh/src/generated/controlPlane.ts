import type { KubeObject } from '@meshdeck/istio-config';

const NAMESPACE = 'istio-system';
const MESH = `rootNamespace: istio-system
trustDomain: cluster.local
enableAutoMtls: true
defaultConfig:
  discoveryAddress: istiod.istio-system.svc:15012
  tracing:
    sampling: 10
`;

/** The control plane of a mesh that is all generated. */
export function controlPlane(): KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE },
    },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'monitoring' },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: NAMESPACE },
      data: { mesh: MESH },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'generated-mesh-tls',
        namespace: NAMESPACE,
        annotations: { 'demo.meshdeck.io/self-signed': '*.mesh.example.com' },
      },
      type: 'kubernetes.io/tls',
    },
    ...workload({
      name: 'istiod',
      labels: { app: 'istiod', istio: 'pilot' },
      account: 'istiod',
      container: { name: 'discovery', image: 'docker.io/istio/pilot:1.29.2' },
      ports: [
        { name: 'grpc-xds', port: 15010 },
        { name: 'http-monitoring', port: 15014 },
      ],
    }),
    ...workload({
      name: 'istio-ingressgateway',
      labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
      account: 'istio-ingressgateway-service-account',
      container: {
        name: 'istio-proxy',
        image: 'docker.io/istio/proxyv2:1.29.2',
      },
      ports: [{ name: 'https', port: 443 }],
    }),
  ];
}

function workload(options: {
  name: string;
  labels: Record<string, string>;
  account: string;
  container: { name: string; image: string };
  ports: { name: string; port: number }[];
}): KubeObject[] {
  const { name, labels, account, container, ports } = options;
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: account, namespace: NAMESPACE },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: NAMESPACE, labels },
      spec: { selector: labels, ports },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: NAMESPACE, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels,
            annotations: { 'sidecar.istio.io/inject': 'false' },
          },
          spec: { serviceAccountName: account, containers: [container] },
        },
      },
    },
  ];
}
