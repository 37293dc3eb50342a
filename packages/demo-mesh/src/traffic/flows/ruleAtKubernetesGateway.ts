import {
  effectiveRoutesOfHost,
  KUBERNETES_GATEWAY,
  matchRequest,
  MeshConfigSet,
  RouteRule,
} from '@meshdeck/istio-config';
import type { Caller, CallShape } from './Flow';

/** Whether a caller is the proxy of a Gateway API Gateway. */
export function isAtKubernetesGateway(
  set: MeshConfigSet,
  { through }: Caller,
): boolean {
  const [namespace, name] = through?.gateway.split('/') ?? [];
  return (
    name !== undefined &&
    set.get(KUBERNETES_GATEWAY, namespace, name) !== undefined
  );
}

/** The rule that takes a request there; undefined where the gateway answers 404. */
export function ruleAtKubernetesGateway(
  set: MeshConfigSet,
  { gateway, host }: NonNullable<Caller['through']>,
  request: CallShape['request'],
): RouteRule | undefined {
  const routes = effectiveRoutesOfHost(set, host, { gateway });
  return matchRequest(
    routes,
    { ...request, host },
    { type: 'gateway', gateway },
  ).rule;
}
