import { deployment, service } from '../../../__fixtures__/orion';
import { setFromYaml } from '../../../setFromYaml';
import { effectiveRoutes } from '../../effectiveRoutes';
import type { RequestOrigin } from '../../types';

const BASE = `${service('a')}${deployment('a')}${service('b')}${deployment(
  'b',
)}${service('c', 'other')}${deployment('c', { namespace: 'other' })}`;

/** A route of the Gateway API as YAML. */
export function route(
  name: string,
  spec: string,
  options: { kind?: string; namespace?: string; created?: string } = {},
): string {
  const {
    kind = 'HTTPRoute',
    namespace = 'orion',
    created = '2026-01-01',
  } = options;
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}, creationTimestamp: "${created}T00:00:00Z"}
spec: ${spec}
---
`;
}

export const TO_A = 'parentRefs: [{group: "", kind: Service, name: a}]';
export const TO_A_FROM_AFAR =
  'parentRefs: [{group: "", kind: Service, name: a, namespace: orion}]';
export const backend = (name: string, more = '') =>
  `{name: ${name}, port: 8080${more}}`;

export const MESH = { type: 'mesh', namespace: 'orion' } as const;

/** How the Service a is reached beside what is given. */
export function routes(
  yaml: string,
  from: RequestOrigin = MESH,
  port?: number,
) {
  return effectiveRoutes(setFromYaml(`${BASE}${yaml}`), {
    namespace: 'orion',
    service: 'a',
    from,
    port,
  });
}
