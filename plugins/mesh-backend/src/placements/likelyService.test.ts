import type { Entity } from '@backstage/catalog-model';
import { setFromYaml } from '@meshdeck/istio-config';
import { likelyService } from './likelyService';

const set = setFromYaml(`
apiVersion: v1
kind: Namespace
metadata: { name: mall }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
---
apiVersion: v1
kind: Service
metadata: { name: istiod, namespace: istio-system }
`);

const entity = (metadata: Entity['metadata'], spec: Entity['spec'] = {}) => ({
  apiVersion: 'a',
  kind: 'Component',
  metadata,
  spec,
});

it.each([
  ['the Service of its name', entity({ name: 'cart' }), 'shop/cart'],
  [
    'what it says of its namespace',
    entity({
      name: 'cart',
      annotations: { 'backstage.io/kubernetes-namespace': 'own' },
    }),
    'own/cart',
  ],
  [
    'the namespace of its system',
    entity({ name: 'till' }, { system: 'system:default/mall' }),
    'mall/till',
  ],
  [
    'its own namespace',
    entity({ name: 'till', namespace: 'other' }),
    'other/till',
  ],
  ['the default one', entity({ name: 'till' }), 'default/till'],
  ['nothing of the platform', entity({ name: 'istiod' }), 'default/istiod'],
])('suggests %s', (_name, of, expected) => {
  expect(likelyService(of, [set])).toBe(expected);
});
