import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import {
  ANNOTATION_MESHDECK_ENTITY,
  ANNOTATION_MESHDECK_OWNER,
  ANNOTATION_MESHDECK_SYSTEM,
  LABEL_MESHDECK_ONBOARDED,
  Manifest,
} from '@meshdeck/plugin-mesh-common';

/** What is asked of somebody who brings a new service. */
export interface OnboardingAnswers {
  name: string;
  namespace: string;
  owner: string;
  system?: string;
  description?: string;
  image: string;
  port: number;
  replicas: number;
  /** Namespaces whose workloads may call the service. */
  callerNamespaces: string[];
  /** A second Deployment `version: canary` with one pod, ready to be given traffic. */
  withCanary: boolean;
}

/** Proxy resources of a small service. */
const PROXY_RESOURCES = {
  'sidecar.istio.io/proxyCPU': '50m',
  'sidecar.istio.io/proxyCPULimit': '300m',
  'sidecar.istio.io/proxyMemory': '64Mi',
  'sidecar.istio.io/proxyMemoryLimit': '128Mi',
};

/**
 * The objects of a new service in the mesh, in the order in which they are applied: identity, pods, Service, mTLS, who may
 * call, resilience and versions, routes.
 */
export function renderOnboarding(answers: OnboardingAnswers): Manifest[] {
  return [
    serviceAccount(answers),
    deployment(answers, 'stable', answers.replicas),
    ...(answers.withCanary ? [deployment(answers, 'canary', 1)] : []),
    service(answers),
    peerAuthentication(answers),
    authorizationPolicy(answers),
    destinationRule(answers),
    virtualService(answers),
  ];
}

function hostOf({ name, namespace }: OnboardingAnswers): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

function serviceAccount({ name, namespace }: OnboardingAnswers): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels: { app: name } },
  };
}

function deployment(
  { name, namespace, image, port }: OnboardingAnswers,
  version: string,
  replicas: number,
): Manifest {
  const labels = { app: name, version };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: version === 'stable' ? name : `${name}-${version}`,
      namespace,
      labels: { ...labels, tier: 'backend' },
    },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: {
          // The label, not the annotation of old: the injection webhook reads it first.
          labels: {
            ...labels,
            tier: 'backend',
            'sidecar.istio.io/inject': 'true',
          },
          annotations: {
            ...PROXY_RESOURCES,
            'prometheus.io/scrape': 'true',
            'prometheus.io/port': String(port),
            'prometheus.io/path': '/metrics',
          },
        },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name,
              image,
              // A named port: Istio takes the protocol from it.
              ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
            },
          ],
        },
      },
    },
  };
}

function service(answers: OnboardingAnswers): Manifest {
  const { name, namespace, owner, system, description, port } = answers;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: {
        app: name,
        [KUBERNETES_ANNOTATION]: name,
        [LABEL_MESHDECK_ONBOARDED]: 'true',
      },
      annotations: {
        [ANNOTATION_MESHDECK_ENTITY]: `component:default/${name}`,
        [ANNOTATION_MESHDECK_OWNER]: owner,
        ...(system ? { [ANNOTATION_MESHDECK_SYSTEM]: system } : {}),
        ...(description ? { 'meshdeck.io/description': description } : {}),
      },
    },
    spec: {
      type: 'ClusterIP',
      selector: { app: name },
      ports: [{ name: 'http', port, targetPort: port, protocol: 'TCP' }],
    },
  };
}

function peerAuthentication({
  name,
  namespace,
  port,
}: OnboardingAnswers): Manifest {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: `${name}-mtls`, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { [port]: { mode: 'STRICT' } },
    },
  };
}

function authorizationPolicy(answers: OnboardingAnswers): Manifest {
  const { name, namespace, port, callerNamespaces } = answers;
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: `${name}-policy`, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { namespaces: callerNamespaces } }],
          to: [
            {
              operation: {
                ports: [String(port)],
                methods: ['GET', 'POST', 'PUT', 'DELETE'],
              },
            },
          ],
        },
        {
          from: [{ source: { namespaces: ['monitoring'] } }],
          to: [{ operation: { paths: ['/metrics'] } }],
        },
      ],
    },
  };
}

function destinationRule(answers: OnboardingAnswers): Manifest {
  const { name, namespace } = answers;
  const subset = (version: string) => ({ name: version, labels: { version } });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, namespace },
    spec: {
      host: hostOf(answers),
      trafficPolicy: {
        tls: { mode: 'ISTIO_MUTUAL' },
        connectionPool: {
          tcp: { maxConnections: 100, connectTimeout: '10s' },
          http: {
            http1MaxPendingRequests: 100,
            http2MaxRequests: 1000,
            maxRetries: 3,
          },
        },
        outlierDetection: {
          consecutive5xxErrors: 5,
          interval: '10s',
          baseEjectionTime: '30s',
          maxEjectionPercent: 50,
        },
      },
      // A subset without pods is an error waiting for traffic, so the canary's comes with its Deployment.
      subsets: [
        subset('stable'),
        ...(answers.withCanary ? [subset('canary')] : []),
      ],
    },
  };
}

function virtualService(answers: OnboardingAnswers): Manifest {
  const { name, namespace } = answers;
  const host = hostOf(answers);
  const to = (subset: string) => ({ destination: { host, subset } });
  const canary = {
    match: [{ headers: { 'x-canary': { exact: 'true' } } }],
    route: [to('canary')],
    timeout: '30s',
  };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: {
      hosts: [host],
      http: [
        ...(answers.withCanary ? [canary] : []),
        {
          route: [{ ...to('stable'), weight: 100 }],
          timeout: '30s',
          retries: {
            attempts: 3,
            perTryTimeout: '10s',
            retryOn: 'gateway-error,connect-failure,refused-stream',
          },
        },
      ],
    },
  };
}
