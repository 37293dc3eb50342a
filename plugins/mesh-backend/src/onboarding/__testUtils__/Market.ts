import type { KubeObject } from '@meshdeck/istio-config';
import { randomBytes } from 'node:crypto';
import { DirectAccess } from '../../__testUtils__/DirectAccess';
import { KubernetesClient } from '../../cluster/KubernetesClient';

const KINDS = [
  ['v1', 'ServiceAccount'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1', 'VirtualService'],
] as const;
const TYPES: Record<string, string> = {
  POST: 'application/json',
  PATCH: 'application/merge-patch+json',
  DELETE: 'application/json',
};

/** A namespace that two teams share, seen and changed by its administrator, past the portal. */
export class Market {
  static async open(server: {
    url: string;
    token?: string;
    ca?: string;
  }): Promise<Market> {
    const market = new Market(DirectAccess.create({ c: server }));
    await market.send('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: market.namespace,
        annotations: {
          'meshdeck.io/onboarding':
            'group:default/team-deals, group:default/team-pay',
        },
      },
    });
    return market;
  }

  readonly namespace = `market-${randomBytes(4).toString('hex')}`;
  private readonly client: KubernetesClient;

  private constructor(private readonly access: DirectAccess) {
    this.client = KubernetesClient.create({
      access,
      cluster: 'c',
      deadlineMs: 30_000,
    });
  }

  /** A server that lives on shows no other test what was written here. */
  async close(): Promise<void> {
    for (const [, { apiVersion, kind, metadata }] of Object.entries(
      await this.objects(),
    )) {
      const { uid, resourceVersion, name } = metadata;
      await this.client
        .remove({
          apiVersion,
          kind,
          metadata: { namespace: this.namespace, name, uid, resourceVersion },
        })
        .catch(() => {});
    }
  }

  /** The path of a kind's objects here: `/api/v1/namespaces/market-1/services`. */
  pathOf(plural: string, name = ''): string {
    const roots: Record<string, string> = {
      deployments: '/apis/apps/v1',
      statefulsets: '/apis/apps/v1',
      virtualservices: '/apis/networking.istio.io/v1',
      destinationrules: '/apis/networking.istio.io/v1',
      authorizationpolicies: '/apis/security.istio.io/v1',
      peerauthentications: '/apis/security.istio.io/v1',
    };
    const root = roots[plural] ?? '/api/v1';
    const place = `${root}/namespaces/${this.namespace}/${plural}`;
    return name ? `${place}/${name}` : place;
  }

  async send(method: string, path: string, body?: object): Promise<any> {
    const response = await this.access.request('c', {
      method: method as 'POST',
      path,
      headers: { 'Content-Type': TYPES[method] ?? 'application/json' },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  /** All there is of the kinds that onboarding writes, by `Kind name`. */
  async objects(): Promise<Record<string, KubeObject>> {
    const { namespace } = this;
    const lists = await Promise.all(
      KINDS.map(([apiVersion, kind]) =>
        this.client.list({ apiVersion, kind, namespace }),
      ),
    );
    return Object.fromEntries(
      lists
        .flat()
        .map(object => [`${object.kind} ${object.metadata.name}`, object]),
    );
  }

  /** What people say of the objects; not what controllers note on them. */
  async sayings(): Promise<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(await this.objects()).map(
        ([label, { metadata, spec }]) => {
          const { uid, labels, annotations = {} } = metadata;
          const { 'deployment.kubernetes.io/revision': _, ...own } =
            annotations;
          return [label, { uid, labels, annotations: own, spec }];
        },
      ),
    );
  }
}
