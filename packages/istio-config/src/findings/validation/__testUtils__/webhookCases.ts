import { parse } from 'yaml';
import type { KubeObject } from '../../../kube/KubeObject';
import type { webhookError } from '../webhook';

const VERSIONS: Record<string, string> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
};

export function object(
  kind: string,
  spec: string,
  metadata = '{}',
): KubeObject {
  return {
    apiVersion: VERSIONS[kind] ?? 'networking.istio.io/v1',
    kind,
    metadata: { name: 'a', namespace: 'shop', ...parse(metadata) },
    spec: parse(spec),
  };
}

export function paths(rule: typeof webhookError, resource: KubeObject) {
  const inputs = Object.fromEntries(rule.inputs.map(kind => [kind, []]));
  return [
    ...rule.find(
      { ...inputs, [resource.kind]: [resource] },
      undefined as never,
    ),
  ].map(({ path }) => path);
}

export const ROUTE = 'route: [{destination: {host: orders}}]';
export const http = (rule: string) => `{hosts: [orders], http: [{${rule}}]}`;
export const policy = (fields: string) =>
  `{host: orders, trafficPolicy: {${fields}}}`;
export const locality = (fields: string) =>
  policy(
    `outlierDetection: {interval: 1s}, loadBalancer: {localityLbSetting: {${fields}}}`,
  );
export const source = (fields: string) =>
  `{rules: [{from: [{source: {${fields}}}]}]}`;
export const operation = (fields: string) =>
  `{rules: [{to: [{operation: {${fields}}}]}]}`;
export const when = (fields: string) => `{rules: [{when: [{${fields}}]}]}`;
export const server = (fields: string) =>
  `{selector: {a: b}, servers: [{${fields}}]}`;
export const entry = (fields: string) =>
  `{hosts: [api.example.com], ports: [{number: 80, name: http, protocol: HTTP}], ${fields}}`;

/** A row of a table: its name, a kind, a spec as YAML, and the paths that are found. */
export type WebhookCase = [
  name: string,
  kind: string,
  spec: string,
  paths: string[],
];
