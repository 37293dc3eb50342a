import type { KubeObject } from '@meshdeck/istio-config';

const NETWORKING = 'networking.istio.io/v1';

/** One entry of a rule's list. */
export function to(service: string, subset: string, weight?: number) {
  return {
    destination: { host: service, subset },
    ...(weight === undefined ? {} : { weight }),
  };
}

export function virtualService(
  place: { namespace: string; name: string },
  spec: object,
): KubeObject {
  return {
    apiVersion: NETWORKING,
    kind: 'VirtualService',
    metadata: { ...place },
    spec,
  };
}

/** A Service with two versions that names an entity, and the rule that splits its requests, with more than weights in it. */
export function weightedService(
  namespace: string,
  name: string,
  options: { entity?: string; http?: object[] } = {},
): KubeObject[] {
  const { entity = `component:default/${name}` } = options;
  const metadata = { namespace, name };
  const http = options.http ?? [
    {
      name: 'login',
      match: [
        { uri: { prefix: '/login' }, headers: { 'x/y': { exact: '~' } } },
      ],
      route: [
        {
          ...to(name, 'stable', 90),
          headers: { response: { set: { weight: '1' } } },
        },
        to(name, 'canary', 10),
      ],
      retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx' },
      timeout: '10s',
    },
    { route: [to(name, 'stable')] },
  ];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, annotations: { 'meshdeck.io/entity': entity } },
      spec: {
        selector: { app: name },
        ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      },
    },
    {
      apiVersion: NETWORKING,
      kind: 'DestinationRule',
      metadata,
      spec: {
        host: name,
        subsets: ['stable', 'canary'].map(version => ({
          name: version,
          labels: { version },
        })),
      },
    },
    ...['stable', 'canary'].map(version => readyPod(metadata, version)),
    virtualService(metadata, { hosts: [name], exportTo: ['*'], http }),
  ];
}

/** Without one behind a version, no requests may be moved there. */
function readyPod(
  { namespace, name }: { namespace: string; name: string },
  version: string,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: `${name}-${version}`,
      labels: { app: name, version },
    },
    spec: {
      containers: ['app', 'istio-proxy'].map(container => ({
        name: container,
        image: `example.com/${container}`,
      })),
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** An object without what an API server counts and notes by itself. */
export function written({ status: _status, ...object }: KubeObject) {
  const {
    managedFields: _fields,
    resourceVersion: _version,
    generation: _generation,
    ...metadata
  } = object.metadata;
  return { ...object, metadata };
}
