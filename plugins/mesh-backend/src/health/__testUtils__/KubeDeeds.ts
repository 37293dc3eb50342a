import type { KubeObject } from '@meshdeck/istio-config';
import type { Deed } from './Situation';

const PATHS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'apis/security.istio.io/v1 authorizationpolicies',
  Canary: 'apis/flagger.app/v1beta1 canaries',
  Deployment: 'apis/apps/v1 deployments',
  DestinationRule: 'apis/networking.istio.io/v1 destinationrules',
  HTTPRoute: 'apis/gateway.networking.k8s.io/v1 httproutes',
  PeerAuthentication: 'apis/security.istio.io/v1 peerauthentications',
  Rollout: 'apis/argoproj.io/v1alpha1 rollouts',
  Service: 'api/v1 services',
  VirtualService: 'apis/networking.istio.io/v1 virtualservices',
};

/** Does to a cluster what people do with kubectl, and takes it back. */
export class KubeDeeds {
  constructor(private readonly url: string) {}

  /** @returns what takes it back */
  async do(deed: Deed): Promise<() => Promise<void>> {
    if ('create' in deed) {
      const { kind, metadata } = deed.create;
      const { namespace = '', name } = metadata;
      await this.send('POST', this.pathOf(kind, namespace), deed.create);
      return () => this.send('DELETE', this.pathOf(kind, namespace, name));
    }
    const [kind, place] = ('patch' in deed ? deed.patch : deed.remove).split(
      ' ',
    );
    const [namespace, name] = place.split('/');
    const isOfStatus = 'patch' in deed && 'status' in deed.with;
    const path = `${this.pathOf(kind, namespace, name)}${
      isOfStatus ? '/status' : ''
    }`;
    const before = await this.read(path);
    const { resourceVersion, uid, ...metadata } = before.metadata;
    if ('remove' in deed) {
      await this.send('DELETE', path);
      return () =>
        this.send('POST', this.pathOf(kind, namespace), {
          ...before,
          metadata,
        });
    }
    await this.send('PATCH', path, deed.with);
    return async () => {
      const now = await this.read(path);
      await this.send('PUT', path, { ...before, metadata: now.metadata });
    };
  }

  private pathOf(kind: string, namespace: string, name?: string): string {
    const [group, plural] = PATHS[kind].split(' ');
    return `/${group}/namespaces/${namespace}/${plural}${
      name ? `/${name}` : ''
    }`;
  }

  private async read(path: string): Promise<KubeObject> {
    const response = await fetch(`${this.url}${path}`);
    if (!response.ok) {
      throw new Error(`GET ${path}: ${response.status}`);
    }
    return (await response.json()) as KubeObject;
  }

  private async send(
    method: string,
    path: string,
    body?: object,
  ): Promise<void> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'content-type':
          method === 'PATCH'
            ? 'application/merge-patch+json'
            : 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(
        `${method} ${path}: ${response.status} ${await response.text()}`,
      );
    }
  }
}
