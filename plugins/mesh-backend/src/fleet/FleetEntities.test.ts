import { component } from '../__testUtils__/startPortal';
import { FleetEntities } from './FleetEntities';

describe('FleetEntities', () => {
  const entities = FleetEntities.of([
    component('auth', {
      'backstage.io/kubernetes-id': 'auth',
      'backstage.io/kubernetes-namespace': 'orion',
      'backstage.io/kubernetes-cluster': 'demo',
    }),
    component('deal', { 'meshdeck.io/services': 'autolytiq/deal' }),
  ]);
  const facts = {
    namespace: 'orion',
    service: 'auth',
    entityRefs: [],
    kubernetesIds: ['auth'],
  };

  it.each([
    ['the label', 'demo', facts, 'component:default/auth'],
    ['the label in another cluster', 'moon', facts, undefined],
    [
      'the label in another namespace',
      'demo',
      { ...facts, namespace: 'shop' },
      undefined,
    ],
    [
      'the entity that names the Service',
      'demo',
      {
        namespace: 'autolytiq',
        service: 'deal',
        entityRefs: [],
        kubernetesIds: [],
      },
      'component:default/deal',
    ],
    [
      'the Service that names the entity',
      'demo',
      { ...facts, entityRefs: ['component:default/deal'] },
      'component:default/deal',
    ],
    [
      'an entity that is not there',
      'demo',
      { ...facts, entityRefs: ['component:default/gone'] },
      undefined,
    ],
    [
      'the first that is there',
      'demo',
      {
        ...facts,
        entityRefs: ['component:default/gone', 'component:default/deal'],
      },
      'component:default/deal',
    ],
  ])('goes by %s', (_name, cluster, own, ref) => {
    expect(entities.find(cluster, own)?.ref).toBe(ref);
  });
});
