import type { KubeObject } from '@meshdeck/istio-config';
import type { GeneratedService } from './GeneratedService';

const PORT = 8080;
const GATEWAY_API = 'gateway.networking.k8s.io/v1';
const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

/** The ten objects that say what the mesh does with a generated service. */
export function istioManifests(service: GeneratedService): KubeObject[] {
  return service.style === 'httpRoute'
    ? [kubernetesGateway(service), httpRoute(service), ...common(service)]
    : [istioGateway(service), virtualService(service), ...common(service)];
}

function common(service: GeneratedService): KubeObject[] {
  return [
    destinationRule(service),
    peerAuthentication(service),
    callersPolicy(service),
    internalPathsPolicy(service),
    requestAuthentication(service),
    sidecar(service),
    telemetry(service),
    serviceEntry(service),
  ];
}

function object(
  apiVersion: string,
  kind: string,
  { name, namespace }: { name: string; namespace: string },
  spec: object,
): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

function selectorOf({ name }: GeneratedService) {
  return { selector: { matchLabels: { app: name } } };
}

function publicHost({ name }: GeneratedService): string {
  return `${name}.mesh.example.com`;
}

function istioGateway(service: GeneratedService): KubeObject {
  return object(NETWORKING, 'Gateway', service, {
    selector: { istio: 'ingressgateway' },
    servers: [
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: [publicHost(service)],
        tls: { mode: 'SIMPLE', credentialName: 'generated-mesh-tls' },
      },
    ],
  });
}

function virtualService(service: GeneratedService): KubeObject {
  const { name, style, settings } = service;
  const stable = { destination: { host: name, subset: 'stable' } };
  const canary = { destination: { host: name, subset: 'canary' } };
  const patience = {
    timeout: `${settings.timeoutSeconds}s`,
    retries: {
      attempts: settings.retryAttempts,
      perTryTimeout: '1s',
      retryOn: '5xx,reset,connect-failure',
    },
  };
  return object(NETWORKING, 'VirtualService', service, {
    hosts: [name, publicHost(service)],
    gateways: ['mesh', name],
    http: [
      {
        name: 'reports',
        match: [{ uri: { prefix: '/api/reports' } }],
        route: [stable],
        timeout: '60s',
      },
      {
        name: 'everything-else',
        route:
          style === 'canary'
            ? [
                { ...stable, weight: settings.stableWeight },
                { ...canary, weight: settings.canaryWeight },
              ]
            : [stable],
        ...patience,
      },
    ],
  });
}

function kubernetesGateway(service: GeneratedService): KubeObject {
  return object(GATEWAY_API, 'Gateway', service, {
    gatewayClassName: 'istio',
    listeners: [
      {
        name: 'http',
        port: 80,
        protocol: 'HTTP',
        hostname: publicHost(service),
        allowedRoutes: { namespaces: { from: 'Same' } },
      },
    ],
  });
}

function httpRoute(service: GeneratedService): KubeObject {
  const { name, settings } = service;
  const gateway = {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    name,
  };
  return object(GATEWAY_API, 'HTTPRoute', service, {
    parentRefs: [gateway, { group: '', kind: 'Service', name, port: PORT }],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [{ name, port: PORT, weight: 1 }],
        timeouts: { request: `${settings.timeoutSeconds}s` },
      },
    ],
  });
}

function destinationRule(service: GeneratedService): KubeObject {
  const { name, style, settings } = service;
  const subset = (version: string) => ({
    name: version,
    labels: { version },
  });
  return object(NETWORKING, 'DestinationRule', service, {
    host: name,
    trafficPolicy: {
      connectionPool: {
        tcp: { maxConnections: settings.maxConnections },
        http: { maxRequestsPerConnection: 100 },
      },
      loadBalancer: { simple: 'LEAST_REQUEST' },
      outlierDetection: {
        consecutive5xxErrors: 5,
        interval: '30s',
        baseEjectionTime: '30s',
        maxEjectionPercent: 50,
      },
    },
    subsets: [
      subset('stable'),
      ...(style === 'canary' ? [subset('canary')] : []),
    ],
  });
}

function peerAuthentication(service: GeneratedService): KubeObject {
  return object(SECURITY, 'PeerAuthentication', service, {
    ...selectorOf(service),
    mtls: { mode: 'STRICT' },
  });
}

function callersPolicy(service: GeneratedService): KubeObject {
  return object(SECURITY, 'AuthorizationPolicy', service, {
    ...selectorOf(service),
    action: 'ALLOW',
    rules: [
      { from: [{ source: { principals: [...service.callers] } }] },
      {
        from: [{ source: { namespaces: ['monitoring'] } }],
        to: [{ operation: { paths: ['/metrics'], methods: ['GET'] } }],
      },
    ],
  });
}

function internalPathsPolicy(service: GeneratedService): KubeObject {
  const { name, namespace } = service;
  return object(
    SECURITY,
    'AuthorizationPolicy',
    { name: `${name}-internal`, namespace },
    {
      ...selectorOf(service),
      action: 'DENY',
      rules: [
        {
          from: [{ source: { notNamespaces: [namespace] } }],
          to: [{ operation: { paths: ['/internal/*'] } }],
        },
      ],
    },
  );
}

function requestAuthentication(service: GeneratedService): KubeObject {
  return object(SECURITY, 'RequestAuthentication', service, {
    ...selectorOf(service),
    jwtRules: [
      {
        issuer: 'https://login.example.com',
        jwksUri: 'https://login.example.com/keys',
        audiences: [service.name],
      },
    ],
  });
}

function sidecar(service: GeneratedService): KubeObject {
  const { name, style } = service;
  return object(NETWORKING, 'Sidecar', service, {
    workloadSelector: { labels: { app: name } },
    egress: [
      {
        // A namespace's last service calls the next namespace.
        hosts: style === 'grpc' ? ['*/*'] : ['./*', 'istio-system/*'],
      },
    ],
  });
}

function telemetry(service: GeneratedService): KubeObject {
  return object('telemetry.istio.io/v1', 'Telemetry', service, {
    ...selectorOf(service),
    tracing: [
      { randomSamplingPercentage: service.settings.samplingPercentage },
    ],
  });
}

function serviceEntry(service: GeneratedService): KubeObject {
  return object(NETWORKING, 'ServiceEntry', service, {
    hosts: [`${service.name}.partners.example.net`],
    exportTo: ['.'],
    location: 'MESH_EXTERNAL',
    resolution: 'DNS',
    ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
  });
}
