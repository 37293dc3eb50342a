import { call, KUBERNETES_URL } from './stage';

const RESOURCES = {
  VirtualService: 'networking.istio.io/v1 virtualservices',
  DestinationRule: 'networking.istio.io/v1 destinationrules',
  PeerAuthentication: 'security.istio.io/v1 peerauthentications',
  AuthorizationPolicy: 'security.istio.io/v1 authorizationpolicies',
  HTTPRoute: 'gateway.networking.k8s.io/v1 httproutes',
  Telemetry: 'telemetry.istio.io/v1 telemetries',
  Deployment: 'apps/v1 deployments',
};

/** A kind of object that changes are about. */
export type ChangedKind = keyof typeof RESOURCES;

interface KubernetesObject {
  metadata: { name: string };
  spec: object;
}

/** An object as the API server stores it, which is there or not; reached past the portal. */
export class StoredObject {
  private readonly listUrl: string;

  constructor(
    private readonly kind: ChangedKind,
    private readonly namespace: string,
    private readonly name: string,
  ) {
    const [version, resource] = RESOURCES[kind].split(' ');
    this.listUrl = `${KUBERNETES_URL}/apis/${version}/namespaces/${namespace}/${resource}`;
  }

  /** Undefined where there is no such object. */
  async spec(): Promise<object | undefined> {
    const { items } = await call<{ items: KubernetesObject[] }>(this.listUrl);
    return items.find(({ metadata }) => metadata.name === this.name)?.spec;
  }

  /** Makes it this; undefined takes it away. */
  async become(spec: object | undefined): Promise<void> {
    const now = await this.spec();
    const url = `${this.listUrl}/${this.name}`;
    if (now && !spec) {
      await call(url, { method: 'DELETE' });
    } else if (now) {
      await this.patch('json-patch+json', [
        { op: 'replace', path: '/spec', value: spec },
      ]);
    } else if (spec) {
      const [apiVersion] = RESOURCES[this.kind].split(' ');
      const { kind, namespace, name } = this;
      await this.patch('apply-patch+yaml', {
        apiVersion,
        kind,
        metadata: { namespace, name },
        spec,
      });
    }
  }

  private patch(type: string, body: object): Promise<unknown> {
    return call(`${this.listUrl}/${this.name}?fieldManager=kubectl`, {
      method: 'PATCH',
      headers: { 'Content-Type': `application/${type}` },
      body: JSON.stringify(body),
    });
  }
}
