import { KUBERNETES_GATEWAY } from '../kube/homeGroups';
import type { MeshObjects } from '../MeshObjects';
import { routesInMesh } from './effectiveRoutes';
import { routesAtGateway } from './routesAtGateway';
import type { EffectiveRoutes, RequestOrigin } from './types';

/** Where a host is asked for. @public */
export type HostQuery = {
  /** The port that is asked; without it all rules are listed. */
  port?: number;
} & (
  | {
      /** `namespace/name` of an Istio or Gateway API Gateway. */
      gateway: string;
      /** The name in the TLS greeting; by default the host. */
      sni?: string;
    }
  | {
      /** A caller inside the mesh. */ from: Extract<
        RequestOrigin,
        { type: 'mesh' }
      >;
    }
);

/**
 * The ordered rules that requests for a host run down, at a gateway or at a caller's proxy; the host may be a Service's, a
 * ServiceEntry's or any. No rule means that the gateway answers 404, as it does where no gateway of that name is known.
 * @public
 */
export function effectiveRoutesOfHost(
  set: MeshObjects,
  host: string,
  query: HostQuery,
): EffectiveRoutes {
  const { port } = query;
  if ('from' in query) {
    return routesInMesh(set, host, { from: query.from, port });
  }
  const [namespace, name] = query.gateway.split('/');
  const isKnown = [KUBERNETES_GATEWAY, 'Gateway'].some(kind =>
    set.get(kind, namespace, name),
  );
  return isKnown
    ? routesAtGateway(set, host, {
        from: { type: 'gateway', gateway: query.gateway },
        port,
        sni: query.sni,
      })
    : { host, rules: [], losers: [] };
}
