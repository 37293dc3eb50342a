import {
  type KubeObject,
  type KubeObjectRef,
  MeshObjects,
  refOf,
} from '@meshdeck/istio-config';
import type { KubernetesClient } from '../cluster/KubernetesClient';
import { readAfresh } from './readAfresh';

const placement = {
  id: 'c:shop:cart',
  cluster: 'c',
  namespace: 'shop',
  service: 'cart',
};

function objectOf(
  kind: string,
  name: string,
  resourceVersion: string,
  more: object = {},
): KubeObject {
  const inNamespace = kind === 'Namespace' ? {} : { namespace: 'shop' };
  const isCore = ['Namespace', 'Service'].includes(kind);
  return {
    apiVersion: isCore ? 'v1' : 'networking.istio.io/v1',
    kind,
    metadata: { ...inNamespace, name, uid: `${kind}-${name}`, resourceVersion },
    ...more,
  };
}

const KNOWN = [
  objectOf('Namespace', 'shop', '1'),
  objectOf('Service', 'cart', '2'),
  objectOf('VirtualService', 'cart', '3'),
  objectOf('VirtualService', 'till', '4'),
];
const stored = MeshObjects.create(KNOWN);

/** An API server on which these objects are. */
function clientOf(objects: readonly KubeObject[]): KubernetesClient {
  const there = ({ kind, name }: KubeObjectRef) =>
    objects.find(
      object => object.kind === kind && object.metadata.name === name,
    );
  const client: Pick<KubernetesClient, 'find' | 'listServed'> = {
    find: async ref => there(ref),
    listServed: async ({ kind }) =>
      objects.filter(object => object.kind === kind),
  };
  return client as KubernetesClient;
}

function read(
  objects: readonly KubeObject[],
  whole: readonly KubeObjectRef[] = [],
) {
  return readAfresh(clientOf(objects), stored, placement, {
    decisive: () => whole,
    lists: ['VirtualService'],
    whole,
  });
}

describe('what decides over a change, read afresh', () => {
  it('is the set that is known where nothing is another one', async () => {
    expect(await read(KNOWN)).toEqual({ set: stored, known: stored });
  });

  it('has what is newer, and of a thing made anew that of the API server', async () => {
    const newer = objectOf('VirtualService', 'till', '9', { spec: { a: 1 } });
    const again = objectOf('VirtualService', 'cart', '3', { spec: { b: 1 } });
    again.metadata.uid = 'another';
    const { set, known } = await read([KNOWN[0], KNOWN[1], again, newer]);
    expect(known).toBe(set);
    expect(set.all('VirtualService')).toEqual([again, newer]);
  });

  it('has neither what is gone nor lacks what is new', async () => {
    const added = objectOf('VirtualService', 'new', '8');
    const { set } = await read([...KNOWN.slice(0, 3), added]);
    expect(
      set.all('VirtualService').map(({ metadata }) => metadata.name),
    ).toEqual(['cart', 'new']);
    expect((await read(KNOWN.slice(2))).set.all('Service')).toEqual([]);
  });

  it('has all of what is going to be changed, also what the store leaves out', async () => {
    const whole = objectOf('VirtualService', 'cart', '3');
    whole.metadata.managedFields = [{ manager: 'kubectl' }];
    const { set, known } = await read(
      [KNOWN[0], KNOWN[1], whole, KNOWN[3]],
      [refOf(whole)],
    );
    expect(known).toBe(stored);
    expect(set.get('VirtualService', 'shop', 'cart')).toBe(whole);
    expect(set.get('VirtualService', 'shop', 'till')).toBe(KNOWN[3]);
  });
});
