import type { KubeObject } from '@meshdeck/istio-config';
import { SHOP, shopObjects } from './__testUtils__/shop';
import { checkNeighbours } from './checkNeighbours';
import type { Neighbours } from './readNeighbours';

const OURS = {
  'meshdeck.io/entity': 'component:default/shop',
  'meshdeck.io/owner': 'group:default/team-deals',
};

function object(
  kind: string,
  name: string,
  rest: { labels?: object; annotations?: object; spec?: object } = {},
): KubeObject {
  const { labels, annotations, spec } = rest;
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'market', labels, annotations },
    spec,
  } as KubeObject;
}

/** Something that onboarding created, but for what is said otherwise. */
const onboarded = (annotations: object = OURS, labels: object = {}) =>
  object('Deployment', 'shop', {
    labels: { 'meshdeck.io/onboarded': 'true', ...labels },
    annotations,
  });

const workload = (kind: string, labels: object, annotations?: object) =>
  object(kind, 'desk', {
    spec: { template: { metadata: { labels, annotations } } },
  });

const service = (name: string, selector?: object) =>
  object('Service', name, { spec: { selector } });

function problemWith(there: Partial<Neighbours>): string | undefined {
  const nothing = { existing: [], services: [], pods: [], workloads: [] };
  try {
    checkNeighbours(SHOP, shopObjects(), {
      ...nothing,
      ...there,
    });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('checkNeighbours', () => {
  it.each<[string, Partial<Neighbours>]>([
    ['nothing', {}],
    ['what was onboarded for this entity', { existing: [onboarded()] }],
    [
      'what was onboarded, in other spelling',
      {
        existing: [
          onboarded({
            'meshdeck.io/entity': 'Component:default/SHOP, component:x',
            'meshdeck.io/owner': 'team-deals',
          }),
        ],
      },
    ],
    ['its own Service', { services: [service('shop', { app: 'shop' })] }],
    [
      'Services of others',
      {
        services: [
          service('sho', { app: 'sho' }),
          service('shop-admin', { app: 'shop-admin' }),
          service('shoppers', { app: 'shoppers' }),
          service('elsewhere'),
          service('nothing', {}),
        ],
      },
    ],
    [
      'its own pods and workloads, and others with other labels',
      {
        pods: [
          object('Pod', 'shop-1', {
            labels: { app: 'shop' },
            annotations: OURS,
          }),
        ],
        workloads: [
          workload('Deployment', { app: 'shop' }, OURS),
          workload('StatefulSet', { app: 'shop-admin' }),
          workload('DaemonSet', {}),
        ],
      },
    ],
  ])('goes on beside %s', (_name, there) => {
    expect(problemWith(there)).toBeUndefined();
  });

  it.each<[string, Partial<Neighbours>, string]>([
    [
      'an object that Meshdeck did not create',
      { existing: [object('Service', 'shop')] },
      'Service market/shop exists and belongs to somebody else',
    ],
    [
      'one that only names the entity',
      { existing: [object('Service', 'shop', { annotations: OURS })] },
      'exists and belongs to component:default/shop of group:default/team-deals: Meshdeck did not create it',
    ],
    [
      'one for another entity',
      {
        existing: [
          onboarded({ ...OURS, 'meshdeck.io/entity': 'component:default/x' }),
        ],
      },
      'belongs to component:default/x of group:default/team-deals',
    ],
    [
      'one of another owner',
      {
        existing: [
          onboarded({ ...OURS, 'meshdeck.io/owner': 'group:default/team-pay' }),
        ],
      },
      'belongs to component:default/shop of group:default/team-pay',
    ],
    [
      'one without an owner',
      {
        existing: [
          onboarded({ 'meshdeck.io/entity': 'component:default/shop' }),
        ],
      },
      'belongs to component:default/shop:',
    ],
    [
      'one whose mark says no',
      { existing: [onboarded(OURS, { 'meshdeck.io/onboarded': 'false' })] },
      'Meshdeck did not create it',
    ],
    [
      'one that is on its way out',
      {
        existing: [
          {
            ...onboarded(),
            metadata: {
              ...onboarded().metadata,
              deletionTimestamp: '2026-01-01T00:00:00Z',
            },
          },
        ],
      },
      'is being deleted',
    ],
    [
      'a Service whose name a derived one would be',
      { services: [service('shop-canary')] },
      'Deployment market/shop-canary would bear a name of Service market/shop-canary',
    ],
    [
      'a Service whose policy a derived one would be',
      { services: [service('shop-policy')] },
      'AuthorizationPolicy market/shop-policy would bear a name of Service market/shop-policy',
    ],
    [
      'a Service that would find the new pods by app',
      { services: [service('storefront', { app: 'shop' })] },
      'Service market/storefront selects the pods of Deployment market/shop, too',
    ],
    [
      'a Service that would find the canary by other labels',
      { services: [service('any', { tier: 'backend', version: 'canary' })] },
      'Service market/any selects the pods of Deployment market/shop-canary, too',
    ],
    [
      'pods of others with the label',
      { pods: [object('Pod', 'x', { labels: { app: 'shop' } })] },
      'Pod market/x is labelled app: shop and belongs to somebody else',
    ],
    ...['Deployment', 'StatefulSet', 'DaemonSet'].map(
      (kind): [string, Partial<Neighbours>, string] => [
        `a ${kind} of others that starts such pods`,
        { workloads: [workload(kind, { app: 'shop' })] },
        `${kind} market/desk is labelled app: shop`,
      ],
    ),
  ])('refuses beside %s', (_name, there, message) => {
    expect(problemWith(there)).toContain(message);
    expect(problemWith(there)).toMatch(/name\.|is gone\./);
  });
});
