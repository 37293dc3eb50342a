import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import type { ClusterAttributes } from '@backstage/plugin-kubernetes-common';
import type {
  MeshCluster,
  MeshClusterAccess,
  MeshClusterRequest,
} from '@meshdeck/plugin-mesh-node';

/**
 * Reaches clusters through the kubernetes backend's proxy, as this plugin. Who may do what has been asked before, by
 * entity: a person needs no `kubernetes.proxy`, which would open the whole API server.
 */
export class KubernetesProxyAccess implements MeshClusterAccess {
  static create(options: { auth: AuthService; discovery: DiscoveryService }) {
    return new KubernetesProxyAccess(options.auth, options.discovery);
  }

  private constructor(
    private readonly auth: AuthService,
    private readonly discovery: DiscoveryService,
  ) {}

  async clusters(): Promise<MeshCluster[]> {
    const response = await fetch(`${await this.baseUrl()}/clusters`, {
      headers: await this.headers(),
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    const { items } = (await response.json()) as { items: ClusterAttributes[] };
    return items.map(({ name, title }) => ({ name, title }));
  }

  async request(
    cluster: string,
    request: MeshClusterRequest,
  ): Promise<Response> {
    const given = Object.entries(request.query ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const search = given.length ? `?${new URLSearchParams(given)}` : '';
    return fetch(`${await this.baseUrl()}/proxy${request.path}${search}`, {
      method: request.method ?? 'GET',
      headers: {
        ...request.headers,
        ...(await this.headers()),
        'Backstage-Kubernetes-Cluster': cluster,
        // A compressed answer is held back until there is enough of it: the events of a watch would come minutes late.
        'Accept-Encoding': 'identity',
      },
      body: request.body,
      signal: request.signal,
    });
  }

  private baseUrl(): Promise<string> {
    return this.discovery.getBaseUrl('kubernetes');
  }

  private async headers(): Promise<Record<string, string>> {
    const { token } = await this.auth.getPluginRequestToken({
      onBehalfOf: await this.auth.getOwnServiceCredentials(),
      targetPluginId: 'kubernetes',
    });
    return { Authorization: `Bearer ${token}` };
  }
}
