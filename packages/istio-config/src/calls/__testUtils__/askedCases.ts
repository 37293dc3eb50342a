import { deployment } from '../../__fixtures__/orion';
import { setFromYaml } from '../../setFromYaml';
import { findWorkload } from '../../workloads/workloads';
import { foretellCall } from '../foretellCall';

export interface Case {
  name: string;
  objects: string;
  /** `NAMESPACE/NAME` of the caller's workload; `gateway` for a call through Gateway `edge/web`. */
  from?: string;
  /** METHOD-less request: host, port, path and headers. */
  ask: string;
  headers?: Record<string, string>;
  expected: string[];
  /** The port of the pods, where it matters. */
  reached?: number;
}

export const app = (name: string, namespace = 'nova', ports = 'http: 80') => {
  const [portName, port] = ports.split(': ');
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: ${portName}, port: ${port}}]}
---${deployment(`${name}-v1`, { app: name, version: 'v1', namespace })}
${deployment(`${name}-v2`, { app: name, version: 'v2', namespace })}
`;
};
export const object = (
  kind: string,
  id: string,
  spec: string,
  more = '',
) => `apiVersion: ${
  kind === 'HTTPRoute' || kind.startsWith('gateway.')
    ? 'gateway.networking.k8s.io'
    : 'networking.istio.io'
}/v1
kind: ${kind}
metadata: {name: ${id.split('/')[1]}, namespace: ${id.split('/')[0]}${more}}
spec: ${spec}
---
`;
export const on = (date: string) => `, creationTimestamp: "${date}T00:00:00Z"`;
export const to = (host: string, more = '') =>
  `route: [{destination: {host: ${host}${more}}}]`;
export const EDGE = deployment('edge', { namespace: 'edge' }).replace(
  /app: edge/g,
  'istio: edge, app: edge',
);
export const web = (servers: string) =>
  `${EDGE}\n${object(
    'Gateway',
    'edge/web',
    `{selector: {istio: edge}, servers: [${servers}]}`,
  )}`;
export const http = (...hosts: string[]) =>
  `{port: {number: 80, name: http, protocol: HTTP}, hosts: [${hosts
    .map(host => `"${host}"`)
    .join()}]}`;

export const ALIAS = `apiVersion: v1
kind: Service
metadata: {name: alias, namespace: nova}
spec: {type: ExternalName, externalName: b.nova.svc.cluster.local, ports: [{name: http, port: 80}]}
---
`;

export const entry = (id: string, spec: string, port: number, more = '') =>
  object(
    'ServiceEntry',
    id,
    spec.replace(
      'PORT',
      `ports: [{number: ${port}, name: http-${port}, protocol: HTTP}]`,
    ),
    more,
  );

/** Of `b` the Sidecar imports rules of another namespace, and not the Service. */
export const LEFT_OUT =
  object(
    'VirtualService',
    'other/b',
    `{hosts: [b.nova.svc.cluster.local], http: [{${to(
      'a.nova.svc.cluster.local',
    )}}]}`,
  ) +
  object(
    'Sidecar',
    'nova/own',
    '{outboundTrafficPolicy: {mode: ALLOW_ANY}, egress: [{hosts: ["other/*", "./a.nova.svc.cluster.local"]}]}',
  );

const protocolOf = (port: string, path: string) => {
  const greeted = port === '443' ? 'tls' : 'tcp';
  return path ? 'http' : greeted;
};

/** What comes of a case's request, in short and as it is foretold. */
export function foretold({ objects, from, ask, headers }: Case) {
  const set = setFromYaml(
    [
      app('a'),
      app('b'),
      deployment('client', { namespace: 'nova' }),
      deployment('client', { namespace: 'other' }),
      objects,
    ].join('\n'),
  );
  const [, host, port, path] = /^([^:]+):(\d+)(.*)$/.exec(ask)!;
  const [place, name] = (from ?? 'nova/client').split('/');
  const gateway = from?.startsWith('gateway')
    ? {
        name: from.split(' ')[1] ?? 'edge/web',
        workload: findWorkload(set, 'edge', 'edge')!,
      }
    : undefined;
  const outcomes = foretellCall(set, {
    protocol: protocolOf(port, path),
    from: findWorkload(
      set,
      gateway ? 'nova' : place,
      gateway ? 'client' : name,
    )!,
    gateway,
    host,
    port: Number(port),
    path: path || undefined,
    headers,
  });
  const said = outcomes.map(outcome => {
    switch (outcome.type) {
      case 'answered':
        return String(outcome.status);
      case 'reaches': {
        const pod = outcome.pod.replace(/^.*\/|-abc12-xyz$/g, '');
        return outcome.path === (path || '/') ? pod : `${pod} ${outcome.path}`;
      }
      case 'leaves':
        return outcome.host;
      default:
        return 'closed';
    }
  });
  return { said, outcomes };
}
