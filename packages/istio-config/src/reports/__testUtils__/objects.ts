import { deployment } from '../../__fixtures__/orion';

const GROUPS: Record<string, string> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  'gateway-api.Gateway': 'gateway.networking.k8s.io/v1',
  Service: 'v1',
  Namespace: 'v1',
  Pod: 'v1',
  ConfigMap: 'v1',
  Deployment: 'apps/v1',
  EndpointSlice: 'discovery.k8s.io/v1',
};

/** An object, its id as `NAMESPACE/NAME` or `NAME`; `metadata` as `, labels: {…}`. */
export function object(
  kind: string,
  id: string,
  body: string,
  metadata = '',
): string {
  const [name, namespace] = id.split('/').reverse();
  return `apiVersion: ${GROUPS[kind] ?? 'networking.istio.io/v1'}
kind: ${kind.split('.').at(-1)}
metadata: {name: ${name}${
    namespace ? `, namespace: ${namespace}` : ''
  }${metadata}}
${body.startsWith('{') ? `spec: ${body}` : body}
---
`;
}

/** For `object`: when it was made. */
export const on = (date: string) => `, creationTimestamp: "${date}T00:00:00Z"`;
/** For `object`: its labels. */
export const labelled = (labels: string) => `, labels: {${labels}}`;

/** A Service with a workload `NAME-VERSION` of one pod for each version. */
export function app(
  name: string,
  {
    namespace = 'nova',
    ports = 'name: http, port: 80',
    versions = ['v1'],
    sidecar = true,
  } = {},
): string {
  return `${object(
    'Service',
    `${namespace}/${name}`,
    `{selector: {app: ${name}}, ports: [{${ports}}]}`,
  )}${versions
    .map(version =>
      deployment(`${name}-${version}`, {
        app: name,
        version,
        namespace,
        sidecar,
      }),
    )
    .join('\n')}
`;
}

/** The rest of a rule or route: where it leads. */
export const to = (host: string, more = '') =>
  `route: [{destination: {host: ${host}${more}}}]`;
/** An `http` rule for paths with a prefix. */
export const under = (prefix: string, host: string) =>
  `{match: [{uri: {prefix: ${prefix}}}], ${to(host)}}`;

/** Pods `front` in namespace `edge`, and Istio's Gateway `edge/web` that they serve. */
export function web(...servers: string[]): string {
  const pods = deployment('front', { namespace: 'edge' }).replaceAll(
    'app: front',
    'app: front, istio: front',
  );
  return `${pods}
${object(
  'Gateway',
  'edge/web',
  `{selector: {istio: front}, servers: [${servers.join(', ')}]}`,
)}`;
}
/** For `call`: what goes through it. */
export const AT_WEB = { at: ['edge/web', 'edge/front'] as [string, string] };

/** A server of a Gateway on port 80; `more` as `, tls: {…}`. */
export const plain = (host: string, more = '') =>
  `{port: {number: 80, name: http, protocol: HTTP}, hosts: ["${host}"]${more}}`;

/** Istio's MeshConfig. */
export const mesh = (config: string) =>
  object('ConfigMap', 'istio-system/istio', `data: {mesh: "${config}"}`);

/** A ServiceEntry of the namespace `nova`. */
export const entry = (host: string, port: string, resolution = 'DNS') =>
  object(
    'ServiceEntry',
    `nova/${host.replace(/[*.]/g, '')}`,
    `{hosts: ["${host}"], ports: [{${port}}], resolution: ${resolution}}`,
  );
export const HTTP_80 = 'number: 80, name: http, protocol: HTTP';

/** A VirtualService of the namespace `nova`. */
export const virtualService = (name: string, spec: string, metadata = '') =>
  object('VirtualService', `nova/${name}`, spec, metadata);
/** A DestinationRule of the namespace `nova`. */
export const destinationRule = (name: string, spec: string, metadata = '') =>
  object('DestinationRule', `nova/${name}`, spec, metadata);
/** An AuthorizationPolicy of the namespace `nova`. */
export const policy = (spec: string, id = 'nova/rules') =>
  object('AuthorizationPolicy', id, spec);
