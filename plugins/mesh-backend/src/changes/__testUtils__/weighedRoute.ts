import type { KubeObject } from '@meshdeck/istio-config';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** A Service that names an entity. */
export function boundService(
  namespace: string,
  name: string,
  entity?: string,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      namespace,
      name,
      ...(entity ? { annotations: { 'meshdeck.io/entity': entity } } : {}),
    },
    spec: {
      selector: { app: name },
      ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
    },
  };
}

/** One backend of a rule. */
export function backend(name: string, weight?: number, more: object = {}) {
  return {
    group: '',
    kind: 'Service',
    name,
    port: 80,
    ...(weight === undefined ? {} : { weight }),
    ...more,
  };
}

/** An HTTPRoute or GRPCRoute for callers of a Service, with more than weights in it where no rules are given. */
export function weighedRoute(
  kind: 'HTTPRoute' | 'GRPCRoute',
  { namespace, name }: { namespace: string; name: string },
  spec: { rules?: object[]; parentRefs?: object[]; hostnames?: string[] } = {},
): KubeObject {
  const header = (value: string) => ({
    type: 'RequestHeaderModifier',
    requestHeaderModifier: { set: [{ name: 'x-weight', value }] },
  });
  return {
    apiVersion: GATEWAY_API,
    kind,
    metadata: { namespace, name },
    spec: {
      parentRefs: [{ group: '', kind: 'Service', name }],
      rules: [
        {
          matches: [{ headers: [{ type: 'Exact', name: 'x-y', value: '~' }] }],
          filters: [header('10')],
          backendRefs: [
            backend(name, 90, { filters: [header('90')] }),
            backend(`${name}-next`, 10),
          ],
        },
        { backendRefs: [backend(name)] },
      ],
      ...spec,
    },
  };
}
