import type { Entity } from '@backstage/catalog-model';
import { setFromYaml } from '@meshdeck/istio-config';
import { component } from '../__testUtils__/startPortal';
import { claimableNamed } from './claimable';
import { EntityClaims } from './EntityClaims';

const OBJECTS = `
apiVersion: v1
kind: Namespace
metadata: { name: open }
---
apiVersion: v1
kind: Namespace
metadata:
  name: bound
  annotations: { meshdeck.io/entity: 'component:default/bank, component:default/till' }
---
apiVersion: v1
kind: Service
metadata: { name: free, namespace: open, labels: { backstage.io/kubernetes-id: free } }
spec: { selector: { app: free } }
---
apiVersion: v1
kind: Service
metadata:
  name: shop
  namespace: open
  labels: { backstage.io/kubernetes-id: shop, team: shops }
  annotations: { meshdeck.io/entity: component:default/shop }
spec: {}
---
apiVersion: v1
kind: Service
metadata: { name: till, namespace: bound, labels: { backstage.io/kubernetes-id: till } }
spec: {}
---
apiVersion: v1
kind: Service
metadata: { name: edge, namespace: istio-system, labels: { backstage.io/kubernetes-id: edge } }
spec: {}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: batch
  namespace: open
  annotations: { meshdeck.io/entity: component:default/batch }
spec:
  template:
    metadata: { labels: { backstage.io/kubernetes-id: batch } }
    spec: { containers: [] }
`;
const set = setFromYaml(OBJECTS);

const byId = (name: string, id: string, more: Record<string, string> = {}) =>
  component(name, { 'backstage.io/kubernetes-id': id, ...more });
const byName = (name: string, services: string) =>
  component(name, { 'meshdeck.io/services': services });
const bySelector = (name: string, selector: string) =>
  component(name, { 'backstage.io/kubernetes-label-selector': selector });
const api = (entity: Entity): Entity => ({ ...entity, kind: 'API' });

describe('EntityClaims', () => {
  it.each<[string, Entity[], string, string | undefined]>([
    [
      'an entity that the Service names, and that asks for it',
      [byId('shop', 'shop')],
      'open/shop',
      'component:default/shop',
    ],
    [
      'such a one that asks by a selector',
      [bySelector('shop', 'team=shops')],
      'open/shop',
      'component:default/shop',
    ],
    [
      'nobody, where the named one does not ask',
      [byId('shop', 'x')],
      'open/shop',
      undefined,
    ],
    [
      'nobody, where it asks in another cluster',
      [byId('shop', 'shop', { 'backstage.io/kubernetes-cluster': 'moon' })],
      'open/shop',
      undefined,
    ],
    [
      'nobody, where it asks in another namespace',
      [byId('shop', 'shop', { 'backstage.io/kubernetes-namespace': 'bound' })],
      'open/shop',
      undefined,
    ],
    [
      'nobody, where it has no annotation',
      [component('shop')],
      'open/shop',
      undefined,
    ],
    [
      'nobody else, however often it asks',
      [
        byId('thief', 'shop'),
        byName('thief2', 'open/shop'),
        bySelector('thief3', 'team=shops'),
      ],
      'open/shop',
      undefined,
    ],
    [
      'nobody, where the Namespace names others',
      [byId('thief', 'till')],
      'bound/till',
      undefined,
    ],
    [
      'the one of a Namespace’s that asks',
      [byId('thief', 'till'), byId('till', 'till'), byId('bank', 'bank')],
      'bound/till',
      'component:default/till',
    ],
    [
      'the only one that asks for what names none, as a claim',
      [byId('free', 'free')],
      'open/free',
      'component:default/free as the catalog says',
    ],
    [
      'the one that names it, as a claim',
      [byName('any', 'open/free')],
      'open/free',
      'component:default/any as the catalog says',
    ],
    [
      'the Component beside its API',
      [api(byId('free-api', 'free')), byId('free', 'free')],
      'open/free',
      'component:default/free as the catalog says',
    ],
    [
      'nobody, where two ask and the cluster names none',
      [byId('free', 'free'), byName('thief', 'open/free')],
      'open/free',
      undefined,
    ],
    [
      'nobody for what is the platform’s',
      [byId('edge', 'edge')],
      'istio-system/edge',
      undefined,
    ],
    [
      'the entity of a workload without a Service',
      [byId('batch', 'batch'), byId('thief', 'batch')],
      'open/batch',
      'component:default/batch',
    ],
  ])('shows %s', (_name, entities, thing, expected) => {
    const [namespace, name] = thing.split('/');
    const found = EntityClaims.of(entities).find(
      'demo',
      claimableNamed(set, namespace, name)!,
    );
    expect(
      found && `${found.ref}${found.isClaimed ? ' as the catalog says' : ''}`,
    ).toBe(expected);
    expect(found?.owner).toBe(expected && 'group:default/team-identity');
  });

  it('knows nothing of what is not there', () => {
    expect(claimableNamed(set, 'open', 'nothing')).toBeUndefined();
  });
});
