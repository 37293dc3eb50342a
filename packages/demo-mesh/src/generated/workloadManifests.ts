import type { KubeObject } from '@meshdeck/istio-config';
import type { GeneratedService } from './GeneratedService';

const PORT = 8080;

/** Service, account and Deployments of a generated service, as somebody would apply them. */
export function workloadManifests(service: GeneratedService): KubeObject[] {
  const { name, namespace, style } = service;
  const app = { app: name, 'backstage.io/kubernetes-id': name };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        namespace,
        labels: app,
        annotations: { 'meshdeck.io/entity': `component:default/${name}` },
      },
      spec: {
        selector: { app: name },
        ports: [
          {
            name: style === 'grpc' ? 'grpc' : 'http',
            port: PORT,
            targetPort: PORT,
          },
        ],
      },
    },
    deployment(service, { version: 'stable', replicas: 2 }),
    ...(style === 'canary'
      ? [deployment(service, { version: 'canary', replicas: 1 })]
      : []),
  ];
}

function deployment(
  { name, namespace }: GeneratedService,
  { version, replicas }: { version: string; replicas: number },
): KubeObject {
  const labels = { app: name, version, 'backstage.io/kubernetes-id': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: version === 'stable' ? name : `${name}-${version}`,
      namespace,
      labels,
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: name, version } },
      template: {
        metadata: {
          labels,
          annotations: {
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': String(PORT),
          },
        },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name: 'app',
              image: `ghcr.io/generated/${name}:v1.0.0-${version}`,
              ports: [{ name: 'http', containerPort: PORT }],
              readinessProbe: { httpGet: { path: '/health', port: PORT } },
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { memory: '256Mi' },
              },
            },
          ],
        },
      },
    },
  };
}
