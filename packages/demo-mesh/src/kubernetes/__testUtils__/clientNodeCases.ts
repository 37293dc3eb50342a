import type { Contract } from './Contract';
import { virtualService } from './objects';

const GROUP = { group: 'networking.istio.io', version: 'v1' };
const PLURAL = 'virtualservices';

export function clientNodeCases({ group, check, context }: Contract): void {
  /** The client comes as an ES module only. */
  async function connect() {
    const k8s = await import('@kubernetes/client-node');
    const { server } = context().api;
    const config = new k8s.KubeConfig();
    config.loadFromOptions({
      clusters: [
        {
          name: 'mesh',
          server: server.url,
          caData: server.ca?.toString('base64'),
          skipTLSVerify: !server.ca,
        },
      ],
      users: [{ name: 'admin', token: server.adminToken }],
      contexts: [{ name: 'mesh', cluster: 'mesh', user: 'admin' }],
      currentContext: 'mesh',
    });
    return { k8s, config };
  }

  group('@kubernetes/client-node', () => {
    check('lists', async () => {
      const { api, paths } = context();
      const { k8s, config } = await connect();
      await api.post(paths.virtualServices, virtualService('web'));
      const custom = config.makeApiClient(k8s.CustomObjectsApi);
      const list = await custom.listNamespacedCustomObject({
        ...GROUP,
        plural: PLURAL,
        namespace: paths.namespace,
      });
      expect(list.items).toHaveLength(1);
      const core = config.makeApiClient(k8s.CoreV1Api);
      const namespace = await core.readNamespace({ name: paths.namespace });
      expect(namespace.status?.phase).toBe('Active');
    });

    check('patches', async () => {
      const { api, paths } = context();
      const { k8s, config } = await connect();
      await api.post(paths.virtualServices, virtualService('web'));
      const custom = config.makeApiClient(k8s.CustomObjectsApi);
      const patched = await custom.patchNamespacedCustomObject(
        {
          ...GROUP,
          plural: PLURAL,
          namespace: paths.namespace,
          name: 'web',
          body: { spec: { hosts: ['other'] } },
        },
        k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch),
      );
      expect(patched.spec.hosts).toEqual(['other']);
    });

    check('applies, and learns of a conflict', async () => {
      const { paths } = context();
      const { k8s, config } = await connect();
      const objects = k8s.KubernetesObjectApi.makeApiClient(config);
      const apply = (manager: string, host: string) =>
        objects.patch(
          virtualService(
            'web',
            { hosts: [host] },
            {
              namespace: paths.namespace,
            },
          ),
          undefined,
          undefined,
          manager,
          undefined,
          k8s.PatchStrategy.ServerSideApply,
        );
      await apply('one', 'web');
      await expect(apply('two', 'other')).rejects.toMatchObject({ code: 409 });
    });

    check('informs of what there is and what changes', async () => {
      const { api, paths } = context();
      const { k8s, config } = await connect();
      await api.post(paths.virtualServices, virtualService('first'));
      const custom = config.makeApiClient(k8s.CustomObjectsApi);
      const informer = k8s.makeInformer(
        config,
        paths.virtualServices,
        async () =>
          custom.listNamespacedCustomObject({
            ...GROUP,
            plural: PLURAL,
            namespace: paths.namespace,
          }),
      );
      const seen: string[] = [];
      const waiting = new Set<() => void>();
      const note =
        (verb: string) => (object: { metadata?: { name?: string } }) => {
          seen.push(`${verb} ${object.metadata?.name}`);
          waiting.forEach(wake => wake());
        };
      informer.on('add', note('add'));
      informer.on('update', note('update'));
      informer.on('delete', note('delete'));
      const until = (entry: string) =>
        new Promise<void>(resolve => {
          const wake = () => seen.includes(entry) && resolve();
          waiting.add(wake);
          wake();
        });
      try {
        await informer.start();
        await until('add first');
        await api.post(paths.virtualServices, virtualService('second'));
        await until('add second');
        await api.delete(`${paths.virtualServices}/first`);
        await until('delete first');
      } finally {
        await informer.stop();
      }
      expect(seen).toEqual(['add first', 'add second', 'delete first']);
    });
  });
}
