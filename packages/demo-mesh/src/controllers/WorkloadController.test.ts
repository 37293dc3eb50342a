import type { KubeObject } from '@meshdeck/istio-config';
import {
  findKind,
  findResource,
  ObjectRegistry,
  ObjectStore,
} from '../kubernetes';
import { WorkloadController } from './WorkloadController';

const clock = () => new Date('2026-03-01T12:00:00Z');
const labelled = (home: KubeObject | undefined) =>
  home?.metadata.labels?.['istio-injection'] === 'enabled';

function namespace(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'istio-injection': 'enabled' } },
  };
}

function deployment(name: string, spec: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, version: 'v1' } },
        spec: {
          serviceAccountName: 'web',
          containers: [{ name: 'app', image: 'example.com/app:1' }],
        },
      },
      ...spec,
    },
  };
}

function setup(...objects: KubeObject[]) {
  const store = ObjectStore.create({ clock });
  store.load(objects);
  const controller = WorkloadController.create({ store, injects: labelled });
  controller.start();
  const registry = ObjectRegistry.create({ store });
  const list = (kind: string) =>
    store.all().filter(object => object.kind === kind);
  const target = (kind: string, name: string) => ({
    resource: findKind(kind === 'Pod' ? 'v1' : 'apps/v1', kind)!,
    namespace: 'shop',
    name,
  });
  const patch = (name: string, document: object) =>
    registry.patch(
      target('Deployment', name),
      { type: 'merge', document },
      { manager: 'test' },
    );
  const names = (kind: string) =>
    list(kind).map(({ metadata }) => metadata.name);
  return { store, controller, registry, list, names, patch, target };
}

describe('WorkloadController', () => {
  it('runs the replicas of a deployment through a replica set', () => {
    const { list } = setup(namespace('shop'), deployment('web'));
    const [replicaSet] = list('ReplicaSet');
    const [web] = list('Deployment');
    expect(replicaSet.metadata.name).toMatch(/^web-[a-z0-9]{9}$/);
    expect(replicaSet.metadata.ownerReferences).toMatchObject([
      { kind: 'Deployment', name: 'web', uid: web.metadata.uid },
    ]);
    const pods = list('Pod');
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(pod.metadata.name).toMatch(/^web-[a-z0-9]{9}-[a-z0-9]{5}$/);
      expect(pod).toMatchObject({
        metadata: {
          labels: { app: 'web', version: 'v1' },
          ownerReferences: [
            { kind: 'ReplicaSet', uid: replicaSet.metadata.uid },
          ],
        },
        spec: {
          serviceAccountName: 'web',
          containers: [{ name: 'app' }, { name: 'istio-proxy' }],
        },
        status: {
          phase: 'Running',
          podIP: expect.stringMatching(/^10\./),
          containerStatuses: [{ ready: true }, { ready: true }],
        },
      });
    }
    expect(new Set(pods.map(pod => pod.status.podIP)).size).toBe(2);
    expect(web.status).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      updatedReplicas: 2,
    });
  });

  it('gives the same pods the same names in each run', () => {
    const run = () => setup(namespace('shop'), deployment('web')).names('Pod');
    expect(run()).toEqual(run());
  });

  it('injects no proxy where the namespace does not say so', () => {
    const plain = namespace('shop');
    plain.metadata.labels = {};
    const { list } = setup(plain, deployment('web'));
    expect(
      list('Pod').map(pod => pod.spec.containers.map((c: any) => c.name)),
    ).toEqual([['app'], ['app']]);
  });

  it('scales, and keeps the pods it can', () => {
    const { names, patch } = setup(namespace('shop'), deployment('web'));
    const before = names('Pod');
    patch('web', { spec: { replicas: 4 } });
    expect(names('Pod')).toHaveLength(4);
    expect(names('Pod')).toEqual(expect.arrayContaining(before));
    patch('web', { spec: { replicas: 0 } });
    expect(names('Pod')).toEqual([]);
  });

  it('replaces the pods when the template changes', () => {
    const { list, names, patch } = setup(namespace('shop'), deployment('web'));
    const before = names('Pod');
    patch('web', {
      spec: { template: { metadata: { annotations: { restarted: 'now' } } } },
    });
    expect(names('Pod')).toHaveLength(2);
    expect(names('Pod').filter(name => before.includes(name))).toEqual([]);
    expect(
      list('ReplicaSet')
        .map(each => each.spec.replicas)
        .sort(),
    ).toEqual([0, 2]);
    expect(list('Deployment')[0].status.observedGeneration).toBe(2);
  });

  it('puts another pod in the place of a deleted one', () => {
    const { names, registry, target } = setup(
      namespace('shop'),
      deployment('web'),
    );
    const [gone] = names('Pod');
    registry.delete(target('Pod', gone));
    expect(names('Pod')).toHaveLength(2);
    expect(names('Pod')).not.toContain(gone);
  });

  it('takes replica sets and pods along with the deployment', () => {
    const { list, registry, target } = setup(
      namespace('shop'),
      deployment('web'),
      deployment('other'),
    );
    registry.delete(target('Deployment', 'web'));
    expect(list('ReplicaSet')).toHaveLength(1);
    expect(list('Pod')).toHaveLength(2);
  });

  it('lets a namespace go', () => {
    const { store, list, registry } = setup(
      namespace('shop'),
      deployment('web'),
    );
    const seen: string[] = [];
    store.subscribe(({ type, object }) => seen.push(`${type} ${object.kind}`));
    const resource = findResource('', 'v1', 'namespaces')!;
    registry.delete({ resource, name: 'shop' });
    expect(list('Pod')).toEqual([]);
    expect(store.all()).toEqual([]);
    expect(seen).not.toContain('ADDED Pod');
  });

  it('waits for the namespace of a deployment', () => {
    const { store, names } = setup(deployment('web'));
    expect(names('Pod')).toEqual([]);
    store.load([namespace('shop')]);
    expect(names('Pod')).toHaveLength(2);
  });

  it('says when a pod cannot be', () => {
    const { list } = setup(
      namespace('shop'),
      deployment('web', {
        template: {
          metadata: { labels: { app: 'web', bad: 'not a label' } },
          spec: { containers: [{ name: 'app', image: 'x' }] },
        },
      }),
    );
    expect(list('Pod')).toEqual([]);
    expect(list('Deployment')[0].status).toMatchObject({
      replicas: 0,
      unavailableReplicas: 2,
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'ReplicaFailure', status: 'True' }),
      ]),
    });
  });

  it('does nothing any more once stopped', () => {
    const { controller, names, patch } = setup(
      namespace('shop'),
      deployment('web'),
    );
    controller.stop();
    patch('web', { spec: { replicas: 5 } });
    expect(names('Pod')).toHaveLength(2);
  });

  it('comes to rest', () => {
    const { store, patch } = setup(namespace('shop'), deployment('web'));
    let writes = 0;
    store.subscribe(() => writes++);
    patch('web', { metadata: { labels: { team: 'a' } } });
    expect(writes).toBe(1);
  });
});
