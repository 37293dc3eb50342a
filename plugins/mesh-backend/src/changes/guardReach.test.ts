import {
  type KubeObject,
  MeshObjects,
  setFromYaml,
} from '@meshdeck/istio-config';
import { guardReach, workloadsUnder } from './guardReach';

const asked = {
  placement: {
    id: 'c:a:shop',
    cluster: 'c',
    namespace: 'a',
    service: 'shop',
  },
  entityRef: 'component:default/shop',
};

const service = (name: string, entity: string | undefined) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: a${
  entity ? `, annotations: { meshdeck.io/entity: ${entity} }` : ''
} }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: a }
spec: { template: { metadata: { labels: { app: ${name}, tier: web } }, spec: { containers: [{ name: app }] } } }
---`;

const mesh = (namespaceEntity?: string): MeshObjects =>
  setFromYaml(`
apiVersion: v1
kind: Namespace
metadata: { name: a${
    namespaceEntity
      ? `, annotations: { meshdeck.io/entity: ${namespaceEntity} }`
      : ''
  } }
---${service('shop', 'component:default/shop')}${service(
    'twin',
    'component:default/shop',
  )}${service('other', 'component:default/other')}`);

const policy = (spec: object, kind = 'AuthorizationPolicy'): KubeObject => ({
  apiVersion: 'security.istio.io/v1',
  kind,
  metadata: { namespace: 'a', name: 'p' },
  spec,
});
const selecting = (labels: Record<string, string>) => ({
  selector: { matchLabels: labels },
});

describe('guardReach', () => {
  it.each<[string, object]>([
    ['of its own pods', selecting({ app: 'shop' })],
    ['of another service of the entity', selecting({ app: 'twin' })],
    ['of nobody', selecting({ app: 'nobody' })],
    [
      'on its own Service',
      { targetRefs: [{ kind: 'Service', group: '', name: 'shop' }] },
    ],
  ])('lets a policy %s be changed', (_what, spec) => {
    for (const kind of ['AuthorizationPolicy', 'PeerAuthentication']) {
      expect(() => guardReach(mesh(), policy(spec, kind), asked)).not.toThrow();
    }
  });

  it.each<[string, object, RegExp]>([
    [
      'of somebody else’s pods',
      selecting({ app: 'other' }),
      /is for other, too/,
    ],
    [
      'of its own and somebody else’s pods',
      selecting({ tier: 'web' }),
      /is for other, too/,
    ],
    [
      'on somebody else’s Service',
      { targetRefs: [{ kind: 'Service', group: '', name: 'other' }] },
      /is for other, too/,
    ],
    ['of all', {}, /all of a/],
    [
      'on a waypoint',
      {
        targetRefs: [
          {
            kind: 'Gateway',
            group: 'gateway.networking.k8s.io',
            name: 'waypoint',
          },
        ],
      },
      /all of a/,
    ],
  ])('closes a policy %s', (_what, spec, says) => {
    expect(() => guardReach(mesh(), policy(spec), asked)).toThrow(says);
    // A Namespace speaks for all that is in it.
    expect(() =>
      guardReach(mesh('component:default/shop'), policy(spec), asked),
    ).not.toThrow();
  });

  it.each<[string, object, string[]]>([
    ['all', {}, ['other', 'shop', 'twin']],
    ['some', selecting({ app: 'shop' }), ['shop']],
    ['a tier', selecting({ tier: 'web' }), ['other', 'shop', 'twin']],
    [
      'a Service',
      { targetRefs: [{ kind: 'Service', name: 'twin' }] },
      ['twin'],
    ],
  ])('tells whom a policy of %s takes', (_what, spec, names) => {
    expect(
      workloadsUnder(mesh(), policy(spec))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
  });
});
