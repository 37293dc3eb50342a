import type { KubeObject } from '../src/kube/KubeObject';

const SERVICES_PER_NAMESPACE = 20;
const PODS = 4;

/** Ten objects for each service: Service, Deployment, four pods, route, rule and two policies. */
export function manyServices(count: number): KubeObject[] {
  return Array.from({ length: count }, (_unused, index) =>
    oneService(
      `ns-${Math.floor(index / SERVICES_PER_NAMESPACE)}`,
      `s-${index}`,
    ),
  ).flat();
}

type MakeObject = (
  apiVersion: string,
  kind: string,
  spec: unknown,
  own?: string,
  more?: object,
) => KubeObject;

function oneService(namespace: string, name: string): KubeObject[] {
  const object: MakeObject = (
    apiVersion,
    kind,
    spec,
    own = name,
    more = {},
  ) => ({
    apiVersion,
    kind,
    metadata: { name: own, namespace, ...more },
    spec,
  });
  return [
    ...workloadOf(name, object),
    ...routingOf(name, object),
    ...securityOf(namespace, name, object),
  ];
}

function workloadOf(name: string, object: MakeObject): KubeObject[] {
  const labels = (version: string) => ({ app: name, version });
  const containers = [
    { name: 'app', image: 'app', ports: [{ containerPort: 8080 }] },
    { name: 'istio-proxy', image: 'proxy' },
  ];
  return [
    object('v1', 'Service', {
      selector: { app: name },
      ports: [{ name: 'http', port: 8080, targetPort: 8080 }],
    }),
    object('apps/v1', 'Deployment', {
      selector: { matchLabels: labels('stable') },
      template: {
        metadata: { labels: labels('stable') },
        spec: { containers },
      },
    }),
    ...Array.from({ length: PODS }, (_unused, pod) => ({
      ...object('v1', 'Pod', { containers }, `${name}-abc12-${pod}`, {
        labels: labels(pod === 0 ? 'canary' : 'stable'),
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${name}-abc12` },
        ],
      }),
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    })),
  ];
}

function routingOf(name: string, object: MakeObject): KubeObject[] {
  return [
    object('networking.istio.io/v1', 'VirtualService', {
      hosts: [name],
      http: [
        {
          match: [{ uri: { prefix: '/api' } }],
          route: [
            { destination: { host: name, subset: 'stable' }, weight: 90 },
            { destination: { host: name, subset: 'canary' }, weight: 10 },
          ],
          timeout: '10s',
        },
        { route: [{ destination: { host: name, subset: 'stable' } }] },
      ],
    }),
    object('networking.istio.io/v1', 'DestinationRule', {
      host: name,
      trafficPolicy: { outlierDetection: { consecutiveErrors: 5 } },
      subsets: [
        { name: 'stable', labels: { version: 'stable' } },
        { name: 'canary', labels: { version: 'canary' } },
      ],
    }),
  ];
}

function securityOf(
  namespace: string,
  name: string,
  object: MakeObject,
): KubeObject[] {
  return [
    object('security.istio.io/v1', 'AuthorizationPolicy', {
      selector: { matchLabels: { app: name } },
      rules: [
        {
          from: [
            { source: { principals: [`cluster.local/ns/${namespace}/sa/a`] } },
          ],
        },
      ],
    }),
    object('security.istio.io/v1', 'PeerAuthentication', {
      selector: { matchLabels: { app: name } },
      mtls: { mode: 'STRICT' },
    }),
  ];
}
