import type { KubeObject } from '../kube/KubeObject';
import { serviceHost } from '../hosts/hosts';

/** What is asked of somebody who brings a new service. @public */
export interface OnboardingAnswers {
  name: string;
  namespace: string;
  owner: string;
  system?: string;
  description?: string;
  image: string;
  port: number;
  /** By default 2. */
  replicas?: number;
  /** Namespaces whose workloads may call the service; by default its own. */
  callerNamespaces?: readonly string[];
  /** A second Deployment `version: canary` with one pod, ready to be given traffic; by default there is one. */
  withCanary?: boolean;
  /** Kubernetes' cluster domain; by default `cluster.local`. */
  domain?: string;
}

type Answers = Required<Omit<OnboardingAnswers, 'system' | 'description'>> &
  OnboardingAnswers;

/** Says of a Service which entity it belongs to, who owns that, and that it came into the mesh from here. */
export const ONBOARDING_MARKS = {
  onboarded: 'meshdeck.io/onboarded',
  entity: 'meshdeck.io/entity',
  owner: 'meshdeck.io/owner',
  system: 'meshdeck.io/system',
  description: 'meshdeck.io/description',
} as const;
/** Backstage's own. */
const KUBERNETES_ID = 'backstage.io/kubernetes-id';

/** Proxy resources of a small service. */
const PROXY_RESOURCES = {
  'sidecar.istio.io/proxyCPU': '50m',
  'sidecar.istio.io/proxyCPULimit': '300m',
  'sidecar.istio.io/proxyMemory': '64Mi',
  'sidecar.istio.io/proxyMemoryLimit': '128Mi',
};

/**
 * The objects of a new service in the mesh, in the order in which they are written: what is named before what names it, who may call
 * before there are pods to call, and what callers send before the pods take nothing else.
 *
 * @public
 */
export function onboardingObjects(asked: OnboardingAnswers): KubeObject[] {
  const answers = complete(asked);
  return [
    serviceAccount(answers),
    authorizationPolicy(answers),
    deployment(answers, 'stable', answers.replicas),
    ...(answers.withCanary ? [deployment(answers, 'canary', 1)] : []),
    service(answers),
    destinationRule(answers),
    virtualService(answers),
    peerAuthentication(answers),
  ];
}

/** The entity that a new service of this name is. @public */
export function onboardedEntity(name: string): string {
  return `component:default/${name}`;
}

/** A list without namespaces would let everybody in: it means the service's own. */
function complete({
  replicas = 2,
  withCanary = true,
  domain = 'cluster.local',
  callerNamespaces = [],
  ...answers
}: OnboardingAnswers): Answers {
  const callers =
    callerNamespaces.length > 0 ? callerNamespaces : [answers.namespace];
  return {
    ...answers,
    replicas,
    withCanary,
    domain,
    callerNamespaces: callers,
  };
}

function hostOf({ name, namespace, domain }: Answers): string {
  return serviceHost(namespace, name, domain);
}

function serviceAccount({ name, namespace }: Answers): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels: { app: name } },
  };
}

function deployment(
  { name, namespace, image, port }: Answers,
  version: string,
  replicas: number,
): KubeObject {
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

function service(answers: Answers): KubeObject {
  const { name, namespace, owner, system, description, port } = answers;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: {
        app: name,
        [KUBERNETES_ID]: name,
        [ONBOARDING_MARKS.onboarded]: 'true',
      },
      annotations: {
        [ONBOARDING_MARKS.entity]: onboardedEntity(name),
        [ONBOARDING_MARKS.owner]: owner,
        ...(system ? { [ONBOARDING_MARKS.system]: system } : {}),
        ...(description ? { [ONBOARDING_MARKS.description]: description } : {}),
      },
    },
    spec: {
      type: 'ClusterIP',
      selector: { app: name },
      ports: [{ name: 'http', port, targetPort: port, protocol: 'TCP' }],
    },
  };
}

function peerAuthentication({ name, namespace, port }: Answers): KubeObject {
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

function authorizationPolicy(answers: Answers): KubeObject {
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
          from: [{ source: { namespaces: [...callerNamespaces] } }],
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

function destinationRule(answers: Answers): KubeObject {
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

function virtualService(answers: Answers): KubeObject {
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
