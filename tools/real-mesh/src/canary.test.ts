import { injectionOf, type KubeObject } from '@meshdeck/istio-config';
import { withCanary } from './canary';
import type { AnyObject, KubeApi } from './KubeApi';
import { app, attachTestMesh, namespace, service } from './testMesh';
import { until } from './until';

const mesh = attachTestMesh();
const WITHIN_MS = 120_000;
const IN_FORCE_WITHIN_MS = 30_000;
const INJECT = 'sidecar.istio.io/inject';
const REVISION = 'istio.io/rev';

/** Of the namespaces, by what follows their common name. */
const NAMESPACES: Record<string, Record<string, string>> = {
  canary: { [REVISION]: 'canary' },
  default: { 'istio-injection': 'enabled' },
  both: { 'istio-injection': 'enabled', [REVISION]: 'canary' },
  none: {},
  disabled: { 'istio-injection': 'disabled', [REVISION]: 'canary' },
};
const PODS: Record<string, Record<string, string>> = {
  silent: {},
  canary: { [REVISION]: 'canary' },
  default: { [REVISION]: 'default' },
  asking: { [INJECT]: 'true' },
  both: { [INJECT]: 'true', [REVISION]: 'canary' },
  refusing: { [INJECT]: 'false', [REVISION]: 'canary' },
};
const placeOf = (name: string) => `revisions-${name}`;

(mesh ? describe : describe.skip)('a second revision', () => {
  const api = mesh?.api as KubeApi;
  beforeAll(async () => {
    await withCanary(mesh!.state.slot);
    await api.applyAll(
      Object.entries(NAMESPACES).map(([name, labels]) => ({
        ...namespace(placeOf(name), { plain: true }),
        metadata: { name: placeOf(name), labels },
      })),
    );
  }, WITHIN_MS);

  afterAll(async () => {
    await mesh!.removeNamespaces(Object.keys(NAMESPACES).map(placeOf));
    await mesh!.close();
  }, WITHIN_MS);

  /** Who would inject such a pod: it is not written. */
  const injectorOf = async (
    place: string,
    labels: Record<string, string>,
  ): Promise<string | undefined> => {
    const injected = await api.create(podLabelled(place, labels), {
      dryRun: true,
    });
    const proxy = [
      ...injected.spec.containers,
      ...(injected.spec.initContainers ?? []),
    ].find(({ name }: { name: string }) => name === 'istio-proxy');
    return proxy ? revisionOf(proxy) : undefined;
  };

  it.each(
    Object.keys(NAMESPACES).flatMap(place =>
      Object.keys(PODS).map((pod): [string, string] => [place, pod]),
    ),
  )('in namespace %s injects a pod %s as foretold', async (place, pod) => {
    const { injects, revision } = injectionOf(
      (await api.get(namespace(placeOf(place)))) as KubeObject,
      { metadata: { labels: PODS[pod] } },
    );
    expect(await injectorOf(placeOf(place), PODS[pod])).toBe(
      injects ? revision : undefined,
    );
  });

  it(
    'serves the pods that are labelled for it',
    async () => {
      const place = placeOf('canary');
      await api.applyAll([
        ...app(place, 'caller'),
        ...app(place, 'target'),
        service(place, 'target'),
      ]);
      const pods = await mesh!.untilReady(place, ['caller', 'target']);
      const [caller] = pods.filter(
        ({ object }) => object.metadata.labels?.app === 'caller',
      );
      const bootstrap = await caller.admin('/config_dump?mask=bootstrap');
      expect(bootstrap).toContain('istiod-canary.istio-system.svc:15012');
      const served = await until(
        'The proxies',
        IN_FORCE_WITHIN_MS,
        async () => {
          const connected = JSON.parse(
            await mesh!.askIstiod('connections', { canary: true }),
          );
          const names = connected.clients.map(
            ({ connectionId }: { connectionId: string }) => connectionId,
          );
          return pods.every(({ id }) =>
            names.some((name: string) =>
              name.startsWith(id.split('/').reverse().join('.')),
            ),
          )
            ? true
            : undefined;
        },
      );
      expect(served).toBe(true);
      const { spec } = await api.get(service(place, 'target'));
      const answer = await until('The target', IN_FORCE_WITHIN_MS, async () => {
        const { status, body } = await caller.app.send({
          kind: 'http',
          address: spec.clusterIP,
          port: 80,
          host: `target.${place}`,
        });
        return status === 200 ? JSON.parse(body!) : undefined;
      });
      // The other's proxy trusts the authority that vouched for this one.
      expect(answer.headers['x-forwarded-client-cert']).toContain(
        `spiffe://cluster.local/ns/${place}/sa/caller`,
      );
    },
    WITHIN_MS,
  );
});

function podLabelled(place: string, labels: Record<string, string>): AnyObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'trial', namespace: place, labels },
    spec: { containers: [{ name: 'app', image: 'app' }] },
  };
}

/** Which istiod a proxy is told to ask. */
function revisionOf(proxy: {
  env: { name: string; value?: string }[];
}): string {
  const config = proxy.env.find(({ name }) => name === 'PROXY_CONFIG')?.value;
  const { discoveryAddress = '' } = JSON.parse(config || '{}');
  return /^istiod-canary\./.test(discoveryAddress) ? 'canary' : 'default';
}
